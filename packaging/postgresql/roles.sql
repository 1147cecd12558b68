-- Three roles of one centre's database, each with no right that it does not need. Run once by the server's
-- administrator, before `prebirka central init`, connected to the centre's own database:
--
--   createdb --encoding UTF8 --template template0 volby_kz2024
--   psql --dbname volby_kz2024 --file roles.sql
--
-- prebirka_owner   makes the tables, and changes them when the program is upgraded; nobody works under it
-- prebirka         the centre: reads, and appends rows; it can change and delete none, whatever the program does
-- prebirka_read    monitoring, statistics, pg_dump: reads
--
-- No passwords here: give them by \password, or let pg_hba.conf know the roles by peer or by certificate.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', name)
FROM (VALUES ('prebirka_owner'), ('prebirka'), ('prebirka_read')) AS wanted (name)
WHERE name NOT IN (SELECT rolname FROM pg_roles)
\gexec

-- Nobody but these may connect, and only the owner makes anything.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO prebirka_owner, prebirka, prebirka_read', current_database()) \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO prebirka_owner;
GRANT USAGE ON SCHEMA public TO prebirka, prebirka_read;

-- For every table that the owner makes, now or in a later upgrade.
ALTER DEFAULT PRIVILEGES FOR ROLE prebirka_owner IN SCHEMA public
    GRANT SELECT, INSERT ON TABLES TO prebirka;
ALTER DEFAULT PRIVILEGES FOR ROLE prebirka_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO prebirka_read;
ALTER DEFAULT PRIVILEGES FOR ROLE prebirka_owner
    REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
