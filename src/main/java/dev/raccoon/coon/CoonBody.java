package dev.raccoon.coon;

import dev.raccoon.build.BuildRequests;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.JsonBody;
import dev.raccoon.http.QueryString;
import dev.raccoon.http.RefusedException;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of a Coon request: one JSON object. The oldest clients send it as a form, or say that
 * they do and send JSON, as curl's {@code -d} does; {@code versions} may be absent, null, a list or
 * a single object.
 */
record CoonBody(ObjectNode fields) {
  /** Reads the body of {@code exchange}. */
  static CoonBody of(Exchange exchange) {
    String type = mediaType(exchange);
    return switch (type) {
      case "", "application/json", "text/json" -> json(exchange.body());
      case "application/x-www-form-urlencoded" ->
          beginsAsJson(exchange.body()) ? json(exchange.body()) : form(exchange.body());
      default -> throw new RefusedException(415, "Send the body as application/json.");
    };
  }

  /** The package that the request is about. */
  PackageName fullName() {
    return PackageName.parse(
        required("full_name", "full_name is missing: namespace/name, such as acme/demo."));
  }

  CloneUrl cloneUrl() {
    return CloneUrl.parse(
        required(
            "clone_url",
            "clone_url is missing: name the repository's https address, such as https://github.com/acme/demo.git."));
  }

  /** The application that is meant, where a repository has several; empty: its main one. */
  Optional<String> app() {
    return text(fields, "app").filter(name -> !name.isEmpty());
  }

  /** A field that must be there. */
  String required(String name, String whenMissing) {
    return text(fields, name).orElseThrow(() -> new InvalidValueException(whenMissing));
  }

  /** A field that may be left out. */
  Optional<String> optional(String name) {
    return text(fields, name);
  }

  /** What is wanted of the package; empty where the request names no versions. */
  List<Wanted> wanted() {
    JsonNode versions = fields.get("versions");
    List<Wanted> wanted = new ArrayList<>();
    if (versions == null && (fields.has("ref") || fields.has("erl_version"))) {
      wanted.add(entry(fields));
    } else if (versions instanceof ObjectNode single) {
      wanted.add(entry(single));
    } else if (versions != null && versions.isArray()) {
      if (versions.size() > BuildRequests.MAX_WANTED) {
        throw new InvalidValueException(
            "versions has more than " + BuildRequests.MAX_WANTED + " entries.");
      }
      for (JsonNode version : versions) {
        if (!(version instanceof ObjectNode entry)) {
          throw wrongVersions();
        }
        wanted.add(entry(entry));
      }
    } else if (versions != null && !versions.isNull()) {
      throw wrongVersions();
    }
    return wanted;
  }

  private static Wanted entry(ObjectNode entry) {
    Optional<OtpSelector> otp =
        text(entry, "erl_version").filter(raw -> !raw.isEmpty()).map(OtpSelector::parse);
    return new Wanted(text(entry, "ref").map(Ref::new), otp);
  }

  private static InvalidValueException wrongVersions() {
    return new InvalidValueException(
        "versions must be a list of objects, such as [{\"ref\": \"1.0.0\", \"erl_version\": \"25\"}].");
  }

  private static Optional<String> text(ObjectNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString()) {
      throw new InvalidValueException(name + " must be a string.");
    }
    return Optional.of(value.stringValue());
  }

  private static String mediaType(Exchange exchange) {
    String header = exchange.header("Content-Type").orElse("");
    int semicolon = header.indexOf(';');
    return (semicolon < 0 ? header : header.substring(0, semicolon))
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private static boolean beginsAsJson(byte[] body) {
    String beginning =
        new String(body, 0, Math.min(body.length, 100), StandardCharsets.ISO_8859_1).stripLeading();
    return beginning.startsWith("{") || beginning.startsWith("[");
  }

  private static CoonBody json(byte[] body) {
    return new CoonBody(JsonBody.object(body));
  }

  /**
   * A form's fields; {@code versions} is JSON in a field, or {@code ref} and {@code erl_version}
   * stand alone.
   */
  private static CoonBody form(byte[] body) {
    ObjectNode fields = JsonBody.empty();
    Set<String> names = new HashSet<>();
    for (QueryString.Pair pair : QueryString.pairs(new String(body, StandardCharsets.ISO_8859_1))) {
      if (!names.add(pair.name())) {
        throw new InvalidValueException("A field of the form stands there twice.");
      }
      switch (pair.name()) {
        case "versions" -> fields.set("versions", versionsField(pair.value()));
        case "ref", "versions[ref]", "versions[0][ref]", "versions[][ref]" ->
            fields.put("ref", pair.value());
        case "erl_version",
            "versions[erl_version]",
            "versions[0][erl_version]",
            "versions[][erl_version]" ->
            fields.put("erl_version", pair.value());
        default -> fields.put(pair.name(), pair.value());
      }
    }
    return new CoonBody(fields);
  }

  private static @Nullable JsonNode versionsField(String raw) {
    try {
      return raw.isBlank() ? NullNode.getInstance() : JsonBody.read(raw);
    } catch (JacksonException e) {
      throw wrongVersions();
    }
  }
}
