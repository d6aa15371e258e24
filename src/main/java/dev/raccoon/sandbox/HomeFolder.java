package dev.raccoon.sandbox;

/** The home folder that commands see: empty at first, and their own. */
final class HomeFolder {
  static final String PATH = "/home/b";

  private HomeFolder() {}
}
