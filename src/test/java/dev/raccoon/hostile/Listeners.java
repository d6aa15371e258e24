package dev.raccoon.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whoever an attack should not reach: listens on TCP and UDP at all of this machine's addresses,
 * and at an abstract Unix socket, and notes who calls.
 */
final class Listeners implements AutoCloseable {
  private static final byte[] ANSWER =
      "HTTP/1.0 200 OK\r\nContent-Length: 16\r\n\r\nraccoon-listener".getBytes(US_ASCII);

  /** Java has no abstract sockets. */
  private static final String PERL =
      """
      use Socket;
      $| = 1;
      socket(my $listener, AF_UNIX, SOCK_STREAM, 0) or die;
      bind($listener, pack("S a*", AF_UNIX, "\\0$ARGV[0]")) or die;
      listen($listener, 9) or die;
      print "listening\\n";
      while (accept(my $caller, $listener)) { print "abstract socket\\n" }
      """;

  private final List<String> callers = new CopyOnWriteArrayList<>();
  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final String abstractName = "raccoon-test-" + UUID.randomUUID();
  private final Process perl;

  Listeners() throws IOException {
    tcp = new ServerSocket();
    tcp.bind(new InetSocketAddress("0.0.0.0", 0));
    udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getByName("0.0.0.0"));
    perl = new ProcessBuilder("perl", "-e", PERL, abstractName).redirectErrorStream(true).start();
    BufferedReader printed = perl.inputReader(UTF_8);
    if (!"listening".equals(printed.readLine())) {
      throw new IOException("perl does not listen at an abstract socket");
    }
    Thread.ofVirtual().start(this::answerTcp);
    Thread.ofVirtual().start(this::noteDatagrams);
    Thread.ofPlatform().daemon().start(() -> printed.lines().forEach(callers::add));
  }

  private void answerTcp() {
    while (!tcp.isClosed()) {
      try (Socket caller = tcp.accept()) {
        callers.add("TCP from " + caller.getRemoteSocketAddress());
        caller.getOutputStream().write(ANSWER);
        caller.shutdownOutput();
        caller.setSoTimeout(1000);
        caller.getInputStream().readAllBytes();
      } catch (IOException e) {
        // It has hung up, or this is closed.
      }
    }
  }

  private void noteDatagrams() {
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        udp.receive(packet);
        callers.add("UDP from " + packet.getSocketAddress());
      } catch (IOException e) {
        // This is closed.
      }
    }
  }

  /** The port of TCP and of UDP. */
  int port() {
    return tcp.getLocalPort();
  }

  /** The abstract socket's name, without the zero before it. */
  String abstractName() {
    return abstractName;
  }

  /** Who has called so far. */
  List<String> callers() {
    return List.copyOf(callers);
  }

  /** An address of this machine's that is not loopback's, where it has one. */
  static String hostAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElse("127.0.0.1");
  }

  @Override
  public void close() throws IOException {
    perl.destroyForcibly();
    tcp.close();
    udp.close();
  }
}
