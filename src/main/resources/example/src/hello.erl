-module(hello).
-export([world/0]).

world() ->
    io:format("Hello from a package that Raccoon built.~n").
