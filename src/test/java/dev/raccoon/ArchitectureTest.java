package dev.raccoon;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds the arrows between packages, and what only one kind of class may do. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.raccoon");

  @Test
  void noTwoPackagesNeedOneAnother() {
    slices().matching("dev.raccoon.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void buildsKnowNothingOfHttp() {
    below("build", "http", "coon", "health");
    below("catalog", "http", "coon", "health", "build", "admin", "cli");
    below("access", "http", "coon", "health", "build", "catalog", "admin", "cli");
  }

  @Test
  void theFoundationsKnowNothingOfWhatStandsOnThem() {
    for (String foundation :
        new String[] {"queue", "source", "egress", "toolchain", "sandbox", "artifact"}) {
      below(foundation, "http", "coon", "health", "build", "catalog");
    }
    below(
        "metrics",
        "http",
        "coon",
        "health",
        "build",
        "catalog",
        "queue",
        "source",
        "egress",
        "toolchain",
        "sandbox",
        "artifact");
    for (String ground : new String[] {"db", "config", "process", "value", "elf"}) {
      below(
          ground,
          "http",
          "coon",
          "health",
          "build",
          "catalog",
          "queue",
          "source",
          "egress",
          "toolchain",
          "sandbox",
          "artifact",
          "metrics");
    }
  }

  private static void below(String lower, String... upper) {
    String[] packages = new String[upper.length];
    for (int i = 0; i < upper.length; i++) {
      packages[i] = "dev.raccoon." + upper[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage("dev.raccoon." + lower + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(CLASSES);
  }

  @Test
  void theOperatorsErlangKnowsNothingOfBuildsNorOfHttp() {
    below("otp", "http", "coon", "health", "build", "catalog", "admin", "cli");
    below("toolchain", "otp");
    below("tool", "otp", "build", "catalog", "http");
  }

  @Test
  void onlyStoresAndTheDatabasePackageSpeakSql() {
    noClasses()
        .that()
        // What hides private packages is a part of statements, with its own parameter.
        .haveNameNotMatching(".*(Store|Row|\\.Visibility)(\\$.*)?")
        .and()
        .resideOutsideOfPackage("dev.raccoon.db..")
        .and()
        .haveNameNotMatching("dev\\.raccoon\\.(Server|Stores)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.jdbi..")
        .check(CLASSES);
  }

  @Test
  void storesAreMadeByTheServerAlone() {
    noClasses()
        .that()
        .haveNameNotMatching("dev\\.raccoon\\.(Server|Stores)(\\$.*)?")
        .and()
        .haveSimpleNameNotEndingWith("Store") // one constructor of a store may call another
        .should()
        .callConstructorWhere(
            JavaCall.Predicates.target(
                com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                    simpleNameEndingWith("Store").and(resideInAPackage("dev.raccoon..")))))
        .check(CLASSES);
  }

  /** The look-up that hides nothing is for builds themselves. */
  @Test
  void endpointsReadOnlyWhatTheirCallerMaySee() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.raccoon.coon..", "dev.raccoon.admin..", "dev.raccoon.health..")
        .should()
        .callMethod(dev.raccoon.catalog.BuildStore.class, "find", dev.raccoon.value.BuildId.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheSandboxGitTheDatabaseAndKerlsCallerStartPrograms() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.raccoon.sandbox..",
            "dev.raccoon.source..",
            "dev.raccoon.db..",
            "dev.raccoon.otp..")
        .should()
        .dependOnClassesThat(nameMatching("java\\.lang\\.(ProcessBuilder|Runtime\\$Version)"))
        .check(CLASSES);
  }

  @Test
  void onlySettingsLookAtTheEnvironment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.raccoon.config..")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(CLASSES);
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    classes()
        .that()
        .resideInAPackage("dev.raccoon..")
        .should(
            new com.tngtech.archunit.lang.ArchCondition<>("have a package-info") {
              @Override
              public void check(
                  com.tngtech.archunit.core.domain.JavaClass item,
                  com.tngtech.archunit.lang.ConditionEvents events) {
                boolean there =
                    item.getPackage()
                        .tryGetPackageInfo()
                        .filter(
                            info -> info.isAnnotatedWith(org.jspecify.annotations.NullMarked.class))
                        .isPresent();
                if (!there) {
                  events.add(
                      com.tngtech.archunit.lang.SimpleConditionEvent.violated(
                          item, item.getPackageName() + " has no @NullMarked package-info"));
                }
              }
            })
        .check(CLASSES);
  }
}
