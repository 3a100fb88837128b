//! `user create` and `token create`.

use super::{explain, with_engine};
use crate::cli::{Failure, say};
use crate::config::Settings;
use clap::{Args, Subcommand, ValueEnum};
use engine::auth::{self, Actor, NewPerson};
use std::io::Read;
use types::auth::{Rights, Role};

#[derive(Subcommand)]
pub enum User {
    /// Add a person. With the role admin, the one-time code of the first administrator becomes void.
    Create(CreateUser),
}

#[derive(Args)]
pub struct CreateUser {
    #[arg(long)]
    email: String,
    #[arg(long, default_value = "")]
    name: String,
    #[arg(long, value_enum)]
    role: RoleName,
    /// Rights given by name: export, personal-data.
    #[arg(long, value_enum, value_delimiter = ',')]
    allow: Vec<GivenRight>,
    /// Read the password from standard input, up to the end of the first line.
    #[arg(long, required = true)]
    password_stdin: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Admin,
    Lead,
    Manager,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum GivenRight {
    Export,
    PersonalData,
}

#[derive(Subcommand)]
pub enum Token {
    /// Make a token with the rights of a person, and print it and nothing else.
    Create(CreateToken),
}

#[derive(Args)]
pub struct CreateToken {
    #[arg(long)]
    email: String,
    /// What it is for.
    #[arg(long, default_value = "command line")]
    name: String,
}

pub async fn user(settings: Settings, User::Create(new): User) -> Result<(), Failure> {
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed)?;
    let password = typed.lines().next().unwrap_or_default().to_owned();
    let rights = Rights {
        role: match new.role {
            RoleName::Admin => Role::Admin,
            RoleName::Lead => Role::Lead,
            RoleName::Manager => Role::Manager,
        },
        export: new.allow.contains(&GivenRight::Export),
        personal_data: new.allow.contains(&GivenRight::PersonalData),
    };
    let person = NewPerson {
        email: new.email,
        name: new.name,
        rights,
        password,
    };
    with_engine(settings, async move |engine| {
        let person = auth::create_person(&engine, &Actor::command_line(), person)
            .await
            .map_err(explain)?;
        say(&format!(
            "{} may sign in as {}.",
            person.email,
            person.rights.role.as_str()
        ))
    })
    .await
}

pub async fn token(settings: Settings, Token::Create(new): Token) -> Result<(), Failure> {
    with_engine(settings, async move |engine| {
        let (_, secret) = auth::create_token(&engine, &Actor::command_line(), &new.email, &new.name)
            .await
            .map_err(explain)?;
        say(&secret)
    })
    .await
}
