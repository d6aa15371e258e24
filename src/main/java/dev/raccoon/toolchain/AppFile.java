package dev.raccoon.toolchain;

import dev.raccoon.toolchain.ErlangTerm.Atom;
import dev.raccoon.toolchain.ErlangTerm.ListOf;
import dev.raccoon.toolchain.ErlangTerm.Tuple;
import dev.raccoon.toolchain.ErlangTerms.Malformed;
import dev.raccoon.toolchain.ErlangTerms.Parsed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An application's resource file, {@code ebin/NAME.app} (app(4)), as a build left it. Its names and
 * its version are safe in file names and pages.
 *
 * @param name the OTP application's name
 * @param vsn up to 100 characters
 * @param description in one line of up to 1,000 characters; empty where there is none
 * @param modules those that it names; a compiler's are all that it has, a person's perhaps not
 */
public record AppFile(String name, String vsn, String description, Set<String> modules) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-zA-Z0-9_@]{0,254}");
  private static final Pattern VSN = Pattern.compile("[0-9A-Za-z_][0-9A-Za-z._+~@=:, -]{0,99}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Z}]+");
  private static final int MAX_DESCRIPTION_LENGTH = 1000;

  public AppFile {
    modules = Set.copyOf(modules);
  }

  /** What reading one gives. */
  public sealed interface Result {
    record Read(AppFile app) implements Result {}

    /** The package's fault: a sentence for its author. */
    record Refused(String sentence) implements Result {}
  }

  /**
   * Whether {@code text} can be an OTP application's name: as an unquoted atom has it, in ASCII.
   */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * Reads {@code NAME.app} below {@code tree}, without leaving the tree.
   *
   * @param path relative to the tree, such as {@code ebin/demo.app}
   * @throws IOException if the server cannot read a file that is there
   */
  public static Result read(Path tree, String path) throws IOException {
    String fileName = path.substring(path.lastIndexOf('/') + 1);
    return switch (TreeFile.read(tree, path, ErlangTerms.MAX_BYTES)) {
      case TreeFile.Content(byte[] bytes) -> parse(fileName, bytes);
      case TreeFile.Absent() -> new Result.Refused(fileName + " is not there.");
      case TreeFile.Refused(String why) -> new Result.Refused(fileName + " " + why);
    };
  }

  /** Reads the bytes of a file named {@code fileName}, which must be {@code NAME.app}. */
  public static Result parse(String fileName, byte[] bytes) {
    return switch (ErlangTerms.parse(bytes)) {
      case Malformed(int line, String why) ->
          new Result.Refused(fileName + ", line " + line + ": " + why);
      case Parsed(List<ErlangTerm> terms) -> application(fileName, terms);
    };
  }

  private static Result application(String fileName, List<ErlangTerm> terms) {
    if (terms.size() == 1
        && terms.getFirst() instanceof Tuple(List<ErlangTerm> parts)
        && parts.size() == 3
        && parts.get(0).equals(new Atom("application"))
        && parts.get(1) instanceof Atom(String name)
        && parts.get(2) instanceof ListOf properties) {
      if (isName(name) && fileName.equals(name + ".app")) {
        return application(fileName, name, properties);
      }
      return new Result.Refused(
          fileName + " must be of the application it is named after, a plain lower-case name.");
    }
    return new Result.Refused(fileName + " must hold one {application, Name, [Property]}.");
  }

  private static Result application(String fileName, String name, ListOf properties) {
    Optional<String> vsn = properties.property("vsn").flatMap(ErlangTerm::characters);
    if (vsn.filter(text -> VSN.matcher(text).matches()).isEmpty()) {
      return new Result.Refused(
          fileName + " must have a vsn of up to 100 plain characters, such as \"1.0.0\".");
    }
    return new Result.Read(
        new AppFile(name, vsn.get(), description(properties), modules(properties)));
  }

  private static Set<String> modules(ListOf properties) {
    Set<String> modules = new HashSet<>();
    if (properties.property("modules").orElse(null) instanceof ListOf(List<ErlangTerm> elements)) {
      for (ErlangTerm element : elements) {
        if (element instanceof Atom(String module)) {
          modules.add(module);
        }
      }
    }
    return modules;
  }

  private static String description(ListOf properties) {
    String text = properties.property("description").flatMap(ErlangTerm::characters).orElse("");
    String line = UNPRINTABLE.matcher(text).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= MAX_DESCRIPTION_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_DESCRIPTION_LENGTH - 1)) + "…";
  }
}
