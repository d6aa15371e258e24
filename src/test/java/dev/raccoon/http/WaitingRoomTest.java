package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.access.Caller;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.value.Namespaces;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Three places, of which each may have two; whoever is inside asks for the next. */
class WaitingRoomTest {
  private final WaitingRoom room = new WaitingRoom(3, 2);

  @Test
  void whoWaitsTwiceMustNotWaitOnceMore() throws Exception {
    Exchange me = exchange("192.0.2.1", Caller.ANONYMOUS);
    Answer.Bytes third = (Answer.Bytes) within(me, me, me);
    assertThat(third.status()).isEqualTo(429);
    assertThat(third.headers()).containsEntry("Retry-After", "1");
    assertThat(status(within(me, me))).isEqualTo(200);
  }

  @Test
  void allTogetherHaveThreePlaces() throws Exception {
    Exchange me = exchange("192.0.2.1", Caller.ANONYMOUS);
    Exchange other = exchange("192.0.2.2", Caller.ANONYMOUS);
    assertThat(status(within(me, me, other))).isEqualTo(200);
    assertThat(status(within(me, me, other, other))).isEqualTo(503);
  }

  @Test
  void aTokenHasItsShareWhereverItComesFrom() throws Exception {
    Exchange here = exchange("192.0.2.1", holder(1));
    Exchange there = exchange("192.0.2.2", holder(1));
    assertThat(status(within(here, there, here))).isEqualTo(429);
    assertThat(status(within(here, here, exchange("192.0.2.1", holder(2))))).isEqualTo(200);
  }

  @Test
  void whoFailsLeavesItsPlace() throws Exception {
    Exchange me = exchange("192.0.2.1", Caller.ANONYMOUS);
    Endpoint failing =
        room.around(exchange -> {
          throw new IOException("no");
        });
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> failing.answer(me)).isInstanceOf(IOException.class);
    }
    assertThat(status(within(me, me))).isEqualTo(200);
  }

  /** What the last one is answered while all before it wait. */
  private Answer within(Exchange... waiting) throws Exception {
    return within(0, waiting);
  }

  private Answer within(int from, Exchange... waiting) throws Exception {
    return room.around(exchange ->
            from + 1 < waiting.length ? within(from + 1, waiting) : Answer.text(200, "in"))
        .answer(waiting[from]);
  }

  private static int status(Answer answer) {
    return ((Answer.Bytes) answer).status();
  }

  private static Caller holder(long id) {
    Token.Terms terms = new Token.Terms("", Scope.BUILD, Namespaces.ALL, Optional.empty());
    return new Caller.Holder(
        new Token(id, terms, Instant.EPOCH, Optional.empty(), Optional.empty()));
  }

  private static Exchange exchange(String address, Caller caller) {
    return new Exchange(
        new Exchange.Target("POST", "/buildSync", Map.of(), Map.of()),
        MultiMap.caseInsensitiveMultiMap(),
        new byte[0],
        address,
        caller);
  }
}
