admin-lead = Who may come in, what they may do, and what they did.
admin-people = People
admin-tokens = Tokens
admin-audit = Audit log
admin-settings = Settings
admin-done = Saved.
admin-people-sub = { $n ->
    [one] one person
   *[other] { $count } people
}
admin-person = Person
admin-role = Role
admin-state = State
admin-seen = Last here
admin-never = never
admin-active = active
admin-disabled = no access
admin-also = also: { $rights }
admin-name = Name
admin-email = E-mail
admin-password = Password
admin-password-help = At least 10 characters. Hand it over in person; they can change it under Account.
admin-new = Add a person
admin-new-sub = they can sign in at once
admin-extra = Rights beyond the role
admin-create = Add person
admin-not-created = The person was not added. See the marked fields.
admin-not-changed = Nothing was changed. See the marked fields.
admin-taken = There is a person with this e-mail already.
admin-last = Somebody must remain administrator. Make another person administrator first.
admin-roles = What a role may do
admin-does-manager = Sees every analysis, builds segments, runs jobs, plans campaigns.
admin-does-lead = The same, and exports reports and lists.
admin-does-admin = All of that, and uploads, undoes, and keeps people, rights and settings.
admin-roles-note = No role sees personal data by itself. It is a right of its own, and each view is logged.
admin-access = Access
admin-disable = May not sign in any more; sessions and tokens stop at once
admin-save = Save
admin-set-password = New password
admin-set-password-sub = ends all sessions of this person
admin-new-password = New password
admin-set = Set password
admin-own-password = You change your own password under
admin-since = Added on { $day }. Last here: { $seen }.
admin-back = Back to all people

tokens-new = New token
tokens-new-sub = a program that sends it acts with the rights of the person
tokens-of = Person (e-mail)
tokens-name = What it is for
tokens-name-example = Nightly export
tokens-create = Create token
tokens-nobody = Nobody with access has this e-mail.
tokens-made = Copy the token now
tokens-made-text = It is shown this once. Only a fingerprint of it is kept, so nobody can read it again.
tokens-sub = who has one, and when it was last used
tokens-none = There is no token.
tokens-token = Token
tokens-unnamed = without a name
tokens-created = Created
tokens-used = Last used
tokens-unused = never
tokens-revoke = Revoke
tokens-revoked = revoked { $time }

audit-sub = every change and everything that left the product; rows are never altered
audit-at = When
audit-who = Who
audit-what = What
audit-object = Of
audit-detail = Details
audit-shown = { $n ->
    [one] One entry shown
   *[other] { $count } entries shown
}
audit-did-setup-complete = Became the first administrator
audit-did-person-create = Added a person
audit-did-person-update = Changed a person
audit-did-person-password = Set a password
audit-did-token-create = Created a token
audit-did-token-revoke = Revoked a token
audit-did-job-cancel = Cancelled a job
audit-did-job-retry = Tried a job again
audit-did-upload-receive = Received a file
audit-did-upload-start = Started an import
audit-did-upload-commit = Imported a file
audit-did-upload-start-undo = Started an undo
audit-did-upload-undo = Undid an upload
audit-did-upload-abandon = Gave up an upload
audit-did-upload-download-rejects = Took out rejected rows
audit-did-segmentation-start = Started a segmentation
audit-did-segmentation-export = Took out members
audit-did-segmentation-choose = Chose the run that counts
audit-did-schedule-create = Scheduled a run
audit-did-schedule-delete = Ended a schedule
audit-did-report-export = Took out a report
audit-did-warehouse-start-rebuild = Started a rebuild
audit-did-warehouse-rebuild = Rebuilt the analysis files

settings-sub = set where the server is started; see silhouette serve --help
settings-setting = Setting
settings-value = Value
settings-note = What it means
settings-currency = Currency
settings-currency-text = All amounts are shown in it; others are converted with the rate of their day.
settings-zone = Time zone
settings-zone-fixed = Fixed by the first import, because facts have been read in it.
settings-zone-open = Decides which day a fact belongs to. The first import fixes it.
settings-window = Return window
settings-days = { $n ->
    [one] One day
   *[other] { $days } days
}
settings-window-text = An order counts for a campaign when it follows the last contact within this time.
settings-data = Data version
settings-data-text = Rises with each import and each undo.
settings-customers = Customers
settings-version = Program version
admin-done-created = The person is added and can sign in now. Hand the password over in person.
admin-done-updated = The changes are saved.
admin-done-password = The password is set. All sessions of that person have ended.
admin-done-revoked = The token is revoked; nobody can use it any more.
