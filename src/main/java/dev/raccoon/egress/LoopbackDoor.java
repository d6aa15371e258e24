package dev.raccoon.egress;

/**
 * A door for the server's own git, which cannot speak to a proxy on a Unix socket: on a loopback
 * port, with a password.
 */
public final class LoopbackDoor implements AutoCloseable {
  private final EgressDoor door;
  private final Password password;

  LoopbackDoor(EgressDoor door, Password password) {
    this.door = door;
    this.password = password;
  }

  /** The proxy's address with its password, which is for a private file only. */
  public String proxyUrl() {
    return password.url(door.port());
  }

  /** The door itself. */
  public EgressDoor door() {
    return door;
  }

  @Override
  public void close() {
    door.close();
  }
}
