package dev.raccoon.db;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a server and its PostgreSQL: writes down every statement that goes by, from the
 * wire itself (protocol 3.0, PostgreSQL's documentation chapter 54), and can cut the connections.
 */
public final class PostgresTap implements AutoCloseable {
  private final DatabaseAddress database;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<String> statements = new CopyOnWriteArrayList<>();

  /** A tap on the way to {@code database}. */
  public PostgresTap(DatabaseAddress database) throws IOException {
    this.database = database;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** The address of the tap, as {@code RACCOON_DATABASE_URL} has it. */
  public String url() {
    String plain =
        database.jdbcUrl().replaceFirst("//[^/]+/", "//127.0.0.1:" + listener.getLocalPort() + "/");
    String separator = plain.contains("?") ? "&" : "?";
    return "%s%suser=%s&password=%s&sslmode=disable&gssEncMode=disable"
        .formatted(
            plain,
            separator,
            database.user(),
            URLEncoder.encode(database.password(), StandardCharsets.UTF_8));
  }

  /** The SQL of what was executed since the last call, in order; empty texts are left out. */
  public List<String> taken() {
    List<String> taken = List.copyOf(statements);
    statements.clear();
    return taken.stream().filter(sql -> !sql.isBlank()).toList();
  }

  /** Lets nobody through any more and ends all connections: the database is gone. */
  public void cut() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    cut();
  }

  private void accept() {
    URI uri = URI.create(database.jdbcUrl().substring("jdbc:".length()));
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(uri.getHost(), uri.getPort());
        sockets.addAll(List.of(client, server));
        Thread.ofVirtual().start(() -> copyAnswers(server, client));
        Thread.ofVirtual().start(() -> copyMessages(client, server));
      } catch (IOException e) {
        // Closed, or the database refuses: both show in what waits for an answer.
      }
    }
  }

  private static void copyAnswers(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Cut.
    }
  }

  private void copyMessages(Socket from, Socket to) {
    Map<String, String> prepared = new HashMap<>();
    Map<String, String> portals = new HashMap<>();
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      int length = in.readInt();
      forward(out, new byte[0], length, in.readNBytes(length - 4));
      for (int type = in.read(); type >= 0; type = in.read()) {
        length = in.readInt();
        byte[] body = in.readNBytes(length - 4);
        note((char) type, new String(body, StandardCharsets.UTF_8), prepared, portals);
        forward(out, new byte[] {(byte) type}, length, body);
      }
    } catch (IOException e) {
      // Cut.
    }
  }

  /** A message's texts each end with a NUL. */
  private void note(
      char type, String body, Map<String, String> prepared, Map<String, String> portals) {
    String[] texts = body.split("\0", 3);
    switch (type) {
      case 'P' -> prepared.put(texts[0], texts[1]);
      case 'B' -> portals.put(texts[0], prepared.getOrDefault(texts[1], ""));
      case 'E' -> statements.add(portals.getOrDefault(texts[0], ""));
      case 'Q' -> statements.add(texts[0]);
      default -> {}
    }
  }

  private static void forward(OutputStream out, byte[] type, int length, byte[] body) {
    try {
      byte[] message = new byte[type.length + 4 + body.length];
      System.arraycopy(type, 0, message, 0, type.length);
      for (int i = 0; i < 4; i++) {
        message[type.length + i] = (byte) (length >>> (24 - 8 * i));
      }
      System.arraycopy(body, 0, message, type.length + 4, body.length);
      out.write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
