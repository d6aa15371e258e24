package dev.raccoon.artifact;

/** The two dialects of the Coon protocol's package file. */
public enum PackageFormat {
  /** What enot loads. */
  EP("ep", "enot_config.json", "enot_locks.json"),
  /** What coon loads; its configuration's name is spelled like this. */
  CP("cp", "coonfig.json", "coon_locks.json");

  private final String extension;
  private final String configurationName;
  private final String locksName;

  PackageFormat(String extension, String configurationName, String locksName) {
    this.extension = extension;
    this.configurationName = configurationName;
    this.locksName = locksName;
  }

  /** The package file's extension, without a dot. */
  public String extension() {
    return extension;
  }

  /** The configuration file's name, in a repository and in a package. */
  public String configurationName() {
    return configurationName;
  }

  /** The name of the file with the locked dependencies, in a repository and in a package. */
  public String locksName() {
    return locksName;
  }
}
