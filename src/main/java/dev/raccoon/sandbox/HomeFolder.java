package dev.raccoon.sandbox;

/** The home folder that commands see, empty and read-only. */
final class HomeFolder {
  static final String PATH = "/home/b";

  private HomeFolder() {}
}
