package dev.raccoon.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.toolchain.YamlNode.Entry;
import dev.raccoon.toolchain.YamlNode.Kind;
import dev.raccoon.toolchain.YamlNode.Mapping;
import dev.raccoon.toolchain.YamlNode.Scalar;
import dev.raccoon.toolchain.YamlNode.Sequence;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Reads YAML of strangers: one document of scalars, sequences and mappings with text for keys. Its
 * anchors, aliases, tags and directives are refused, so that nothing is more than it looks, and
 * equal keys, of which one would be lost.
 */
final class YamlReader {
  private static final int MAX_DEPTH = 10;
  private static final ScalarResolver RESOLVER = new JsonSchema().getScalarResolver();

  private final Iterator<Event> events;

  private YamlReader(Iterator<Event> events) {
    this.events = events;
  }

  /** The document of a file. */
  static YamlNode read(byte[] bytes) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(bytes.length + 1).build();
    try {
      return new YamlReader(new Parse(settings).parseString(text(bytes)).iterator()).document();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      throw new MalformedYamlException(
          mark.map(Mark::getLine).orElse(0) + 1, "This is no YAML: " + printable(e.getProblem()));
    } catch (YamlEngineException e) {
      // What its reader refuses, such as a control character, comes without a line.
      throw new MalformedYamlException(
          1, "This is no YAML: " + printable(String.valueOf(e.getMessage())));
    }
  }

  private static String text(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedYamlException(1, "The file is not in UTF-8.");
    }
  }

  private YamlNode document() {
    events.next(); // the stream's start
    if (!(events.next() instanceof DocumentStartEvent start)) {
      throw new MalformedYamlException(1, "The file sets nothing: take it away, or set something.");
    }
    if (start.getSpecVersion().isPresent()) {
      throw malformed(start, "YAML directives are not supported.");
    }
    YamlNode root = node(events.next(), 1);
    events.next(); // the document's end
    Event end = events.next();
    if (end instanceof DocumentStartEvent) {
      throw malformed(end, "The file must be one document: a second one begins here.");
    }
    return root;
  }

  private YamlNode node(Event event, int depth) {
    plain(event);
    int line = line(event);
    if (depth > MAX_DEPTH) {
      throw new MalformedYamlException(line, "Values lie too deep within one another.");
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case SequenceStartEvent ignored -> new Sequence(line, elements(depth));
      case MappingStartEvent ignored -> new Mapping(line, entries(depth));
      default -> throw new IllegalStateException("No node begins with " + event);
    };
  }

  private static void plain(Event event) {
    boolean anchored = event instanceof NodeEvent node && node.getAnchor().isPresent();
    if (event instanceof AliasEvent || anchored) {
      throw malformed(event, "Anchors and aliases are not supported: write the value again.");
    }
    Optional<String> tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent collection -> collection.getTag();
          default -> Optional.empty();
        };
    if (tag.isPresent()) {
      throw malformed(event, "Tags such as !" + "text are not supported.");
    }
  }

  private static Scalar scalar(ScalarEvent event) {
    String text = event.getValue();
    Kind kind = Kind.STRING;
    if (event.isPlain()) {
      Tag tag = RESOLVER.resolve(text, true);
      kind = tag.equals(Tag.STR) ? Kind.STRING : tag.equals(Tag.INT) ? Kind.INTEGER : Kind.OTHER;
    }
    return new Scalar(line(event), kind, text);
  }

  private List<YamlNode> elements(int depth) {
    List<YamlNode> elements = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      elements.add(node(event, depth + 1));
      event = events.next();
    }
    return elements;
  }

  private List<Entry> entries(int depth) {
    List<Entry> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      if (!(node(event, depth + 1) instanceof Scalar key) || key.kind() != Kind.STRING) {
        throw malformed(event, "A key must be a text.");
      }
      if (!keys.add(key.text())) {
        throw malformed(event, quoted(key.text()) + " is set twice.");
      }
      entries.add(new Entry(key, node(events.next(), depth + 1)));
      event = events.next();
    }
    return entries;
  }

  private static MalformedYamlException malformed(Event event, String why) {
    return new MalformedYamlException(line(event), why);
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  /** A stranger's word, for a sentence. */
  static String quoted(String text) {
    return "\"" + printable(text) + "\"";
  }

  private static String printable(String text) {
    int end = Math.min(text.length(), 100);
    return text.substring(0, end).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?")
        + (end < text.length() ? "…" : "");
  }
}
