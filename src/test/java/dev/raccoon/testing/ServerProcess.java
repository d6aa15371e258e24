package dev.raccoon.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The program as an operator runs it, in a process of its own, with its embedded PostgreSQL unless
 * its settings name another.
 */
public final class ServerProcess implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("Address +(http://\\S+|none)");

  private final Process process;
  private final Path output;
  private final String url;
  private final HttpClient client = HttpClient.newHttpClient();

  private ServerProcess(Process process, Path output) throws InterruptedException {
    this.process = process;
    this.output = output;
    try {
      this.url = Patience.await(this::address);
    } catch (RuntimeException | Error e) {
      // Nobody gets it, to close it.
      process.destroyForcibly();
      throw e;
    }
  }

  private Optional<String> address() {
    Matcher address = ADDRESS.matcher(output());
    if (!address.find() && !process.isAlive()) {
      throw new AssertionError("the server did not start:\n" + output());
    }
    return Optional.of(address).filter(Matcher::hasMatch).map(found -> found.group(1));
  }

  /** What it says of the build {@code id} now. */
  public JsonNode build(String id) {
    try {
      return get("/builds/" + id).get("response");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it in {@code folder}, with settings besides the free port and the data directory. */
  public static ServerProcess start(Path folder, Map<String, String> settings)
      throws IOException, InterruptedException {
    return start(folder, settings, "serve");
  }

  /** The same, by another {@code command}: a worker has no address. */
  public static ServerProcess start(Path folder, Map<String, String> settings, String... command)
      throws IOException, InterruptedException {
    return start(List.of(), folder, settings, command);
  }

  /** The same, by a command {@code before} it that becomes it. */
  public static ServerProcess start(
      List<String> before, Path folder, Map<String, String> settings, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "server", ".log");
    List<String> words = new ArrayList<>(before);
    words.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.raccoon.Main"));
    words.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("RACCOON_PORT", "0");
    builder.environment().put("RACCOON_DATA_DIR", folder.resolve("data").toString());
    builder.environment().putAll(settings);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    return new ServerProcess(builder.start(), output);
  }

  /** Its address, without a slash at the end. */
  public String url() {
    return url;
  }

  /** The process itself. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** All that it has printed. */
  public String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The JSON at {@code path}. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + path)));
  }

  /** The JSON at {@code path}, for the holder of {@code token}. */
  public JsonNode getAs(String token, String path) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token));
  }

  /** Posts JSON. */
  public JsonNode post(String path, String body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new JsonMapper().readTree(answer.body());
  }

  /** {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Has it stand still, as a machine does that swaps or whose power saving is too keen. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Has it go on. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill -" + name + " ended with status " + status);
    }
  }

  /** Waits for its end. Answers the exit status. */
  public int awaitEnd() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the server does not end:\n" + output());
    }
    return process.exitValue();
  }

  /** SIGTERM, and waits for the end. Answers the exit status. */
  public int terminate() throws InterruptedException {
    process.destroy();
    return awaitEnd();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
