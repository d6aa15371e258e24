package dev.raccoon.coon;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.access.Caller;
import dev.raccoon.build.BuildRequests;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import dev.raccoon.http.Exchange;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.PackageName;
import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A Coon request's body: JSON, or behind an {@code &} a form. */
public final class CoonBodyFuzz implements FuzzTarget {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Override
  public List<String> seeds() {
    return List.of(
        "{\"full_name\":\"acme/demo\",\"clone_url\":\"https://github.com/acme/demo.git\","
            + "\"versions\":[{\"ref\":\"1.0.0\",\"erl_version\":\"25\"},{\"ref\":\"2.0.0\"}]}",
        "{\"full_name\":\"acme/demo\",\"versions\":{\"erl_version\":\"\"},\"x\":[1,2.5e3,true]}",
        "{\"full_name\":\"acme/demo\",\"ref\":\"\\u0031\"}",
        "&full_name=acme%2Fdemo&clone_url=https://a.b/c&versions[0][ref]=1.0.0&erl_version=25",
        "&full_name=acme/demo&versions=%5B%7B%22ref%22:%221.0.0%22%7D%5D",
        "&{\"full_name\":\"acme/demo\"}");
  }

  @Override
  public void check(byte[] input) {
    boolean isForm = input.length > 0 && input[0] == '&';
    String type = isForm ? "application/x-www-form-urlencoded" : "application/json";
    byte[] bytes = isForm ? Arrays.copyOfRange(input, 1, input.length) : input;
    Property.parsed(_ -> body(type, bytes), "").ifPresent(CoonBodyFuzz::accepted);
  }

  private static CoonBody body(String type, byte[] bytes) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Content-Type", type);
    return CoonBody.of(
        new Exchange(
            new Exchange.Target("POST", "/buildAsync", Map.of(), Map.of()),
            headers,
            bytes,
            "127.0.0.1",
            Caller.ANONYMOUS));
  }

  private static void accepted(CoonBody body) {
    Optional<PackageName> name = Property.parsed(_ -> body.fullName(), "");
    Optional<CloneUrl> url = Property.parsed(_ -> body.cloneUrl(), "");
    Optional<List<Wanted>> wanted = Property.parsed(_ -> body.wanted(), "");
    Property.parsed(_ -> body.required("build_id", "build_id is missing."), "");
    wanted.ifPresent(
        list -> Property.holds(list.size() <= BuildRequests.MAX_WANTED, "too many are wanted"));
    if (name.isPresent() && url.isPresent() && wanted.isPresent()) {
      String written = written(name.get(), url.get(), wanted.get());
      CoonBody again = body("application/json", written.getBytes(UTF_8));
      Property.same(again.fullName(), name.get());
      Property.same(again.cloneUrl(), url.get());
      Property.same(again.wanted(), wanted.get());
    }
  }

  private static String written(PackageName name, CloneUrl url, List<Wanted> wanted) {
    ObjectNode body = JSON.createObjectNode();
    body.put("full_name", name.toString()).put("clone_url", url.toString());
    ArrayNode versions = body.putArray("versions");
    for (Wanted one : wanted) {
      ObjectNode version = versions.addObject();
      one.ref().ifPresent(ref -> version.put("ref", ref.name()));
      one.otp().ifPresent(otp -> version.put("erl_version", otp.toString()));
    }
    return JSON.writeValueAsString(body);
  }
}
