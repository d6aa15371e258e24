package dev.raccoon.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** The settings in a file, under the names that they have in the environment. */
final class PropertiesFile {
  private PropertiesFile() {}

  /**
   * What {@code file}, in UTF-8, holds; nothing where there is none.
   *
   * @throws SettingsException when it is there and cannot be read
   */
  static Map<String, String> read(Path file) {
    Map<String, String> values = new HashMap<>();
    if (Files.exists(file)) {
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingsException(file + " cannot be read: " + e.getMessage());
      }
      properties
          .stringPropertyNames()
          .forEach(name -> values.put(name, properties.getProperty(name)));
    }
    return values;
  }
}
