package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
  @ParameterizedTest
  @CsvSource({
    "/search, /search, true",
    "/search, /searches, false",
    "/search, /search/x, false",
    "/builds/:id, /builds/7, true",
    "/builds/:id, /builds, false",
    "/builds/:id, /builds/, false",
    "/builds/:id, /builds/7/8, false",
    "/api/limits/:namespace/:name, /api/limits/acme/demo, true",
    "/api/limits/:namespace/:name, /api/limits/acme, false",
    "/api/limits/:namespace/:name, /api/limits//demo, false"
  })
  void aPlaceTakesOneSegment(String path, String address, boolean fits) {
    assertThat(Route.get(path, exchange -> Answer.text(200, "")).isAt(address)).isEqualTo(fits);
  }
}
