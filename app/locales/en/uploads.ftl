uploads-new = New upload
uploads-lead = Every file that came in, what became of its rows, and the way to take it back.
uploads-empty = Nothing uploaded yet
uploads-empty-text = Start with orders or order lines: customers and products come along by themselves. Any CSV or spreadsheet will do, in any usual encoding.
uploads-all = All uploads
uploads-all-sub = newest first
uploads-file = File
uploads-when = Uploaded
uploads-shown = { $n ->
    [one] { $count } upload
   *[other] { $count } uploads
}
uploads-new-lead = Say what the file holds and choose it. You map its columns on the next page; nothing is written before that.
uploads-what = What does it hold?
uploads-what-sub = one kind of thing per file
uploads-needs = Needs: { $fields }
uploads-which = Which file?
uploads-which-sub = CSV, TSV, XLSX, XLS, ODS or Parquet, also packed as .gz or .zip
uploads-templates = Templates
uploads-templates-sub = a header that is recognised by itself, and two example rows
uploads-file-help = The encoding (UTF-8, GB18030, …) and the delimiter are found out by themselves.
uploads-send = Send the file
uploads-next = Next: map the columns.
uploads-sent = {"{}"} of {"{}"} sent
uploads-reading = All sent. The server is reading the file …
uploads-broken = The connection broke before the whole file was sent. Nothing was kept; send it again.
upload-kind-customers = Customers
upload-kind-products = Products
upload-kind-orders = Orders
upload-kind-order-lines = Order lines
upload-kind-payments = Payments
upload-kind-interactions = Interactions
upload-kind-campaigns = Campaigns
upload-kind-campaign-costs = Campaign costs
upload-kind-touches = Touches
upload-kind-reviews = Reviews
upload-kind-exchange-rates = Exchange rates
upload-state-received = not mapped
upload-state-running = running
upload-state-ready = checked
upload-state-committed = imported
upload-state-failed = failed
upload-state-cancelled = cancelled
upload-state-undone = taken back
rows-read = Rows read
rows-created = New
rows-updated = Changed
rows-unchanged = Unchanged
rows-rejected = Rejected
rows-read-note = rows of the file
rows-share = { $share } of the rows
rows-duplicates = { $n ->
    [one] { $count } duplicate among all
   *[other] { $count } duplicates among all
}
map-title = Map the columns
map-lead = { $file }, read as { $kind }: { $n ->
    [one] { $columns } column.
   *[other] { $columns } columns.
} Say which of them is which; what we suggest is already chosen.
map-fields = Our fields, your columns
map-fields-sub = * is required; rows without it are rejected and listed
map-ours = Our field
map-theirs = Column of the file
map-constant = Or the same for every row
map-none = not in this file
map-row-number = the number of the row
map-required = { $field } *
map-column-of = Column for { $field }
map-constant-of = { $field }, the same for every row
map-words = Their words for ours: one “theirs = ours” per line
map-import = Import
map-check = Check first
map-undo-note = A check writes nothing. An import can be taken back.
map-options = How to read and merge
map-options-sub = what we found out is used unless you choose otherwise
map-on-known = What is already known
map-on-known-help = When a row has a key that we have.
map-update = is updated
map-leave = stays as it is
map-update-only = is updated; new rows are passed over
map-blanks = Blank cells
map-blanks-help = In rows that update something.
map-keep = leave what is known
map-overwrite = make it unknown
map-groups = Groups in this file
map-groups-help = Lines of one order, payments of one order, costs of one campaign day.
map-add = are added to
map-replace = replace what was there
map-encoding = Encoding
map-delimiter = Delimiter
map-as-found = as found: { $found }
map-sheet = Sheet
map-widths = Widths of the columns
map-widths-help = For columns of fixed width: so many characters each. Empty otherwise.
map-blanks-between = blanks
map-tab = tab
map-dates = Dates are written
map-decimal = Numbers are written
map-find-out = find out
map-source = System
map-source-help = Empty for your usual ids; a name when they come from another system.
map-keep-unmapped = Keep the other columns as attributes of the customers
map-file = The file
map-file-sub = first values of each column, read as { $encoding }
map-column = Column
map-samples = First values
upload-map = Map the columns
upload-again = Map and import again
upload-change = Change the mapping
upload-commit = Import these rows
upload-undo = Take it back …
upload-kind = Holds
upload-size = Size
upload-read-as = Read as
upload-by = Uploaded by
upload-facts = About this file
upload-failed = The import did not happen
upload-failed-safe = Nothing of this file was written. The file is kept, so that you can change the mapping and try again.
upload-same = The same file was uploaded before
upload-same-text = Rows that are already known count as unchanged, so importing it twice does no harm.
upload-same-open = Open upload { $id }
upload-lead-received = The file is here. Say which of its columns is which; then it can be imported.
upload-lead-running = The file is being read.
upload-lead-ready = Checked and not yet imported: { $n ->
    [one] { $read } row
   *[other] { $read } rows
} read, { $rejected } would be rejected.
upload-lead-all = { $n ->
    [one] The row was taken.
   *[other] All { $read } rows were taken.
}
upload-lead-some = { $n ->
    [one] { $read } row
   *[other] { $read } rows
} read, { $rejected } rejected. The rejected rows can be corrected in the file and sent again.
upload-lead-failed = This upload failed and changed nothing.
upload-lead-cancelled = The import was stopped before it wrote anything.
upload-lead-undone = This upload was taken back. The file is kept.
records-title = Records
records-sub = also of tables that the file only refers to
records-table = Table
records-created = Made
records-updated = Changed
table-customers = Customers
table-products = Products
table-orders = Orders
table-order-lines = Order lines
table-payments = Payments
table-interactions = Interactions
table-campaigns = Campaigns
table-campaign-costs = Campaign costs
table-touches = Touches
table-reviews = Reviews
table-exchange-rates = Exchange rates
reject-title = Rows that were not taken
reject-sub = { $n ->
    [one] { $shown } of { $count } row
   *[other] { $shown } of { $count } rows
}
reject-row = Row
reject-field = Field
reject-reason = Why
reject-cells = The row
reject-note = The CSV holds all of them with their original columns. Correct it and upload it again as it is.
undo-title = Take back this upload
undo-lead = This is what taking back { $file } would do. Nothing has been done yet.
undo-effect = Effect
undo-effect-sub = records of each table
undo-removed = Removed
undo-changed = Go back to an earlier value
undo-note = Values that other uploads brought stay. Segmentation runs keep their numbers and are shown as made from older data.
undo-do = Take it back now
undo-leave = Leave it as it is
