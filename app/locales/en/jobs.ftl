jobs-lead-idle = Nothing is running. Below stands what was done, for whom, and how it ended.
jobs-lead-running = { $n ->
    [one] One job is running or waiting. It goes on when you leave this page.
   *[other] { $count } jobs are running or waiting. They go on when you leave this page.
}
jobs-empty-title = No job yet
jobs-empty-text = Imports, undos and segmentation runs appear here while they work, and stay here afterwards.
jobs-history = History
jobs-history-sub = newest first
jobs-shown = { $n ->
    [one] One job shown
   *[other] { $count } jobs shown
}
jobs-open = Open
jobs-job = Job
jobs-state = State
jobs-subject = About
jobs-by = By
jobs-asked = Asked for
jobs-took = Took

job-kind-import-file = Import of a file
job-kind-undo-upload = Undo of an upload
job-kind-run-segmentation = Segmentation run
job-kind-rebuild-warehouse = Rebuild of the analysis files
job-kind-check-quality = Check of the data's quality
job-kind-watch-segments = Look at sizes of segments
job-kind-deliver-webhook = Word to another system

job-state-queued = waiting
job-state-running = running
job-state-succeeded = done
job-state-failed = failed
job-state-cancelled = cancelled

job-step-waiting = Waiting for another import
job-step-reading = Reading the file
job-step-checking = Checking the rows
job-step-merging = Merging the rows
job-step-undoing = Taking the rows out
job-step-sealing = Sealing the changed data
job-step-features = Working out the customers
job-step-scoring = Scoring the customers
job-step-preparing = Putting features on one scale
job-step-choosing = Choosing the number of groups
job-step-grouping = Grouping the customers
job-step-judging = Measuring the quality
job-step-staging = Finding the stages
job-step-writing = Writing the result
job-step-publishing = Publishing the new version
job-step-verifying = Verifying
job-step-watching = Looking at sizes of segments
job-step-delivering = Sending

job-count = { "{}" } of { "{}" }
job-rate-rows = { "{}" } rows per second
job-rate-customers = { "{}" } customers per second
job-left = about { "{}" } left
length-seconds = { "{}" } s
length-minutes = { "{}" } min
length-hours = { "{}" } h
job-cancel = Cancel
job-cancelling = Stopping…
job-refresh = Refresh
job-now = Right now
job-failed = The job failed
job-failed-safe = Nothing of it was kept; your data is as it was before. The reason:
job-facts = Facts
job-lead-done = Done on { $time }, in { $took }.
job-lead-failed = It did not succeed, and it changed nothing. The reason stands below; you can try again.
job-lead-cancelled = Somebody stopped it. It changed nothing.
job-lead-queued = It waits for its turn and starts by itself.
job-lead-running = It is at work. It goes on when you leave this page.
job-retry = Try again
job-result = Open the result
job-started = Started
job-finished = Ended
job-attempts = Attempts
job-subject-upload = Upload { $id }
job-subject-undo = What taking back upload { $id } would do
job-subject-run = Run { $id }
job-subject-demo = Demo data
job-subject-quality = Data quality

actor-command-line = command line
actor-system = the system
