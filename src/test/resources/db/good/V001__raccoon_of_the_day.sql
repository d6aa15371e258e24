CREATE TABLE raccoon_of_the_day AS SELECT 'Rocky' AS name;
