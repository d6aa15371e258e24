package dev.raccoon.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A real https server on loopback, whose certificate is for {@code origin.example} alone. */
final class HttpsOrigin implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Path folder;
  final List<String> seen = new CopyOnWriteArrayList<>();

  /** With its key and certificate in {@code folder}. */
  HttpsOrigin(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-dname",
        "CN=Test",
        "-validity",
        "30",
        "-ext",
        "san=dns:origin.example",
        "-ext",
        "bc=ca:true");
    keytool("-exportcert", "-rfc", "-file", certificate().toString());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls()));
    server.setExecutor(threads);
    server.start();
  }

  private void keytool(String command, String... arguments) throws Exception {
    List<String> all = new java.util.ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    all.addAll(List.of(command, "-alias", "origin", "-keystore", store().toString()));
    all.addAll(List.of("-storepass", new String(PASSWORD)));
    all.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("keytool.log")));
    }
  }

  private Path store() {
    return folder.resolve("origin.p12");
  }

  private SSLContext tls() throws Exception {
    KeyStore store = KeyStore.getInstance(store().toFile(), PASSWORD);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** The certificate, as a client trusts it. */
  Path certificate() {
    return folder.resolve("origin.pem");
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Answers by {@code handler} at and below {@code path}, and remembers what was asked. */
  HttpsOrigin at(String path, HttpHandler handler) {
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
