package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DatabaseAddressTest {
  @Test
  void itsTextNeverShowsThePassword() {
    DatabaseAddress address =
        new DatabaseAddress("jdbc:postgresql://db.example:5432/raccoon", "raccoon", "hush");

    assertThat(address)
        .hasToString("jdbc:postgresql://db.example:5432/raccoon as raccoon")
        .asString()
        .doesNotContain("hush");
  }

  @Test
  void itsTextNeverShowsAPasswordThatSomebodyPutIntoTheUrl() {
    assertThat(new DatabaseAddress("jdbc:postgresql://db/raccoon?password=hush", "raccoon", ""))
        .hasToString("jdbc:postgresql://db/raccoon as raccoon");
    assertThat(new DatabaseAddress("jdbc:postgresql://me:hush@db/raccoon", "raccoon", ""))
        .hasToString("jdbc:postgresql://db/raccoon as raccoon");
  }

  @Test
  void anotherDatabaseKeepsServerRoleAndParameters() {
    DatabaseAddress address = new DatabaseAddress("jdbc:postgresql://db:1/raccoon?a=/b", "r", "p");

    assertThat(address.withDatabase("other"))
        .isEqualTo(new DatabaseAddress("jdbc:postgresql://db:1/other?a=/b", "r", "p"));
  }

  @Test
  void onlyPostgresqlWillDo() {
    assertThatThrownBy(() -> new DatabaseAddress("jdbc:h2:mem:x", "r", "p"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("jdbc:postgresql:");
  }
}
