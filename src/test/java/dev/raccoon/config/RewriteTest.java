package dev.raccoon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.config.Settings.Rewrite;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewriteTest {
  @Test
  void whatFollowsThePrefixFollowsTheTarget() {
    Rewrite rewrite = new Rewrite("https://github.com/", "/srv/mirrors");

    assertThat(rewrite.apply("https://github.com/acme/demo.git"))
        .contains("/srv/mirrors/acme/demo.git");
    assertThat(rewrite.apply("https://gitlab.com/acme/demo.git")).isEmpty();
  }

  @Test
  void aPrefixWithoutASlashEndsWhereASegmentDoes() {
    Rewrite host = new Rewrite("https://github.com", "https://mirror.corp");
    Rewrite one = new Rewrite("https://github.com/acme/demo", "/srv/demo.git");

    assertThat(host.apply("https://github.com/acme/demo"))
        .contains("https://mirror.corp/acme/demo");
    assertThat(host.apply("https://github.com.attacker.net/acme/demo")).isEmpty();
    assertThat(host.apply("https://github.com:8443/acme/demo")).isEmpty();
    assertThat(one.apply("https://github.com/acme/demo")).contains("/srv/demo.git");
    assertThat(one.apply("https://github.com/acme/demo2")).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/srv/x", "file:///srv/x", "https://mirror.corp/x", "http://127.0.0.1:8080/x"})
  void aMirrorIsAPathOrHasAUsualScheme(String target) {
    assertThat(new Rewrite("https://github.com/acme", target).target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c id",
        "ssh://git@mirror/x",
        "git://mirror/x",
        "git@mirror:x",
        "fd::17",
        "--upload-pack=x",
        "mirrors/x",
        "../x",
        "file://host/x",
        "file:x",
        "http:///x",
        "HTTPS://mirror/x",
        ""
      })
  void anythingElseStopsTheStart(String target) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(
            () -> Settings.of(Map.of("RACCOON_GIT_REWRITES", "https://github.com/=" + target)))
        .withMessage(
            "RACCOON_GIT_REWRITES: a mirror's absolute path or its file:///, https:// or http://"
                + " address was expected, not "
                + target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "github.com/", "http://github.com/", "https://", "https:///x"})
  void aPrefixThatNoCloneUrlHasStopsTheStart(String prefix) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of("RACCOON_GIT_REWRITES", prefix + "=/srv/x")))
        .withMessage(
            "RACCOON_GIT_REWRITES: a clone URL's beginning such as https://github.com/ was"
                + " expected, not "
                + prefix);
  }
}
