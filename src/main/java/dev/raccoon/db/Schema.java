package dev.raccoon.db;

import java.util.Optional;

/** Which version of the schema a database has: the number of its last migration. */
public final class Schema {
  private Schema() {}

  /** That of the database at {@code address}; empty where there is nothing yet. */
  public static Optional<String> version(DatabaseAddress address) {
    return Migrations.version(address);
  }

  /** Whether this program knows {@code version}. */
  public static boolean isKnown(DatabaseAddress address, String version) {
    return Migrations.isKnown(address, version);
  }

  /** Brings a database of an older version, or without one, to {@code version}. */
  public static void bringTo(DatabaseAddress address, String version) {
    Migrations.runTo(address, version);
  }

  /** Brings a database to the newest version that this program knows. */
  public static void bringUpToDate(DatabaseAddress address) {
    Migrations.run(address);
  }

  /** Refuses a database that is not of this program's version, and changes nothing. */
  public static void check(DatabaseAddress address) {
    Migrations.check(address);
  }
}
