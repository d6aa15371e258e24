package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A real https server on loopback, whose certificate is for {@code origin.example} and {@code
 * localhost} alone.
 */
public final class HttpsOrigin implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  public final List<String> seen = new CopyOnWriteArrayList<>();

  /** Listens on a free port. */
  public HttpsOrigin() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    server.setExecutor(threads);
    server.start();
  }

  /** A key and its certificate, made once: keytool takes a second. */
  private static final class Keys {
    static final Path FOLDER = made();

    private static Path made() {
      try {
        Path folder = Files.createTempDirectory("raccoon-origin");
        folder.toFile().deleteOnExit();
        keytool(
            folder,
            "-genkeypair",
            List.of(
                "-keyalg",
                "EC",
                "-dname",
                "CN=Test",
                "-validity",
                "30",
                "-ext",
                "san=dns:origin.example,dns:localhost",
                "-ext",
                "bc=ca:true"));
        keytool(
            folder,
            "-exportcert",
            List.of("-rfc", "-file", folder.resolve("origin.pem").toString()));
        for (String file : new String[] {"origin.p12", "origin.pem", "keytool.log"}) {
          folder.resolve(file).toFile().deleteOnExit();
        }
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void keytool(Path folder, String command, List<String> arguments)
        throws IOException {
      List<String> all = new ArrayList<>();
      all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
      all.addAll(List.of(command, "-alias", "origin", "-storepass", new String(PASSWORD)));
      all.addAll(List.of("-keystore", folder.resolve("origin.p12").toString()));
      all.addAll(arguments);
      Path log = folder.resolve("keytool.log");
      Process process =
          new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      if (process.onExit().join().exitValue() != 0) {
        throw new IOException(Files.readString(log));
      }
    }
  }

  private SSLContext tls() throws Exception {
    KeyStore store = KeyStore.getInstance(Keys.FOLDER.resolve("origin.p12").toFile(), PASSWORD);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** The certificate, as a client trusts it. */
  public static Path certificate() {
    return Keys.FOLDER.resolve("origin.pem");
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Answers by {@code handler} at and below {@code path}, and remembers what was asked. */
  public HttpsOrigin at(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return this;
  }

  /** Answers a text. */
  static HttpHandler text(String text) {
    return exchange -> answer(exchange, 200, text.getBytes(UTF_8));
  }

  /** Answers what was sent. */
  static HttpHandler echo() {
    return exchange -> {
      try (InputStream body = exchange.getRequestBody()) {
        answer(exchange, 200, body.readAllBytes());
      }
    };
  }

  /** Answers as a code host does, for the repositories in {@code folder}. */
  public static HttpHandler repositories(Path folder) {
    return exchange -> {
      ProcessBuilder builder =
          new ProcessBuilder("git", "http-backend").redirectError(ProcessBuilder.Redirect.DISCARD);
      Map<String, String> environment = builder.environment();
      environment.put("GIT_PROJECT_ROOT", folder.toString());
      environment.put("GIT_HTTP_EXPORT_ALL", "1");
      environment.put("GIT_CONFIG_COUNT", "1");
      environment.put("GIT_CONFIG_KEY_0", "safe.directory");
      environment.put("GIT_CONFIG_VALUE_0", "*");
      environment.put("REQUEST_METHOD", exchange.getRequestMethod());
      environment.put("PATH_INFO", exchange.getRequestURI().getPath());
      environment.put("QUERY_STRING", Objects.toString(exchange.getRequestURI().getQuery(), ""));
      header(exchange, "Content-Type", "CONTENT_TYPE", environment);
      header(exchange, "Content-Encoding", "HTTP_CONTENT_ENCODING", environment);
      header(exchange, "Git-Protocol", "GIT_PROTOCOL", environment);
      Process process = builder.start();
      try (OutputStream input = process.getOutputStream()) {
        exchange.getRequestBody().transferTo(input);
      }
      try (InputStream output = new BufferedInputStream(process.getInputStream())) {
        CgiHead head = CgiHead.read(output);
        head.headers().forEach(exchange.getResponseHeaders()::set);
        answer(exchange, head.status(), output.readAllBytes());
      }
    };
  }

  private static void header(
      HttpExchange exchange, String name, String variable, Map<String, String> environment) {
    String value = exchange.getRequestHeaders().getFirst(name);
    if (value != null) {
      environment.put(variable, value);
    }
  }

  static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
