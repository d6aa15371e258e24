package dev.raccoon.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small Hex repository on loopback, in plain http, that signs with a key of its own: what a
 * company has behind its walls.
 */
public final class TestHexMirror implements AutoCloseable {
  private final HttpServer server;
  private final KeyPair keys = keys();
  private final Map<String, List<HexRegistry.Release>> packages = new HashMap<>();
  private final Map<String, byte[]> resources = new ConcurrentHashMap<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /** Listens on a free port. */
  public TestHexMirror() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/mirror/", this::answer);
    server.start();
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has RSA", e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/mirror";
  }

  /** Writes its public key to {@code file}. */
  public Path key(Path file) throws IOException {
    return pem(keys.getPublic(), file);
  }

  /** Writes another one to {@code file}. */
  public static Path otherKey(Path file) throws IOException {
    return pem(keys().getPublic(), file);
  }

  private static Path pem(PublicKey key, Path file) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return Files.writeString(
        file, "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n");
  }

  /** Publishes an application without any code that needs {@code requirements}. */
  public TestHexMirror application(String name, String version, Map<String, String> requirements)
      throws IOException {
    String needed = String.join(", ", requirements.keySet());
    String app =
        """
        {application, %s, [{vsn, "%s"}, {registered, []}, {applications, [kernel, stdlib%s]}]}.
        """
            .formatted(name, version, needed.isEmpty() ? "" : ", " + needed);
    String module = "-module(%s).\n-export([name/0]).\nname() -> %s.\n".formatted(name, name);
    return publish(
        name,
        version,
        Map.of("src/" + name + ".app.src", app, "src/" + name + ".erl", module),
        requirements);
  }

  /** Publishes {@code files}. */
  public TestHexMirror publish(
      String name, String version, Map<String, String> files, Map<String, String> requirements)
      throws IOException {
    Map<String, HexTarball.Source> sources = new HashMap<>();
    files.forEach((path, text) -> sources.put(path, new HexTarball.Source(text)));
    return publishSources(name, version, sources, requirements);
  }

  synchronized TestHexMirror publishSources(
      String name,
      String version,
      Map<String, HexTarball.Source> files,
      Map<String, String> requirements)
      throws IOException {
    HexTarball tarball = HexTarball.of(name, version, files, requirements);
    List<HexRegistry.Release> releases = packages.computeIfAbsent(name, first -> new ArrayList<>());
    releases.removeIf(release -> release.version().equals(version));
    releases.add(new HexRegistry.Release(version, tarball, requirements));
    byte[] payload = HexRegistry.packageOf(name, releases);
    resources.put("/tarballs/" + name + "-" + version + ".tar", tarball.bytes());
    resources.put(
        "/packages/" + name, HexTarball.gzip(HexRegistry.signed(payload, signature(payload))));
    return this;
  }

  private byte[] signature(byte[] payload) {
    try {
      Signature signature = Signature.getInstance("SHA512withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(payload);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA512withRSA", e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath().substring("/mirror".length());
      byte[] body = resources.get(path);
      if (body == null) {
        answer(exchange, path, 404, "no such resource".getBytes(UTF_8));
        return;
      }
      String tag = "\"" + Sha256.of(body) + "\"";
      exchange.getResponseHeaders().set("ETag", tag);
      if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        seen.add("304 " + path);
        exchange.sendResponseHeaders(304, -1);
      } else {
        answer(exchange, path, 200, body);
      }
    }
  }

  private void answer(HttpExchange exchange, String path, int status, byte[] body)
      throws IOException {
    seen.add(status + " " + path);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** What was asked for, with the statuses that were answered: {@code 200 /packages/demo}. */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  /** Forgets what was asked for. */
  public void forget() {
    seen.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
