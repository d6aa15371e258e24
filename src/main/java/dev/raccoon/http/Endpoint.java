package dev.raccoon.http;

/** Answers a request. It runs on a virtual thread of its own and may block. */
public interface Endpoint {
  /**
   * The answer.
   *
   * @throws dev.raccoon.value.InvalidValueException for what the client must mend: a 400
   * @throws Exception for anything else: a 500, and a line in the server's log
   */
  Answer answer(Exchange exchange) throws Exception;
}
