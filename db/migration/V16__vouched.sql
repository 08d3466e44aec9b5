-- What a provider of OpenID Connect calls a person for ever: its own address, a space, and the subject. Null of those who have
-- their account from here.
ALTER TABLE account ADD COLUMN subject TEXT UNIQUE;
