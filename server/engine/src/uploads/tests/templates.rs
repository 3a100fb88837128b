//! Templates: their headers are recognised as they are, and their example rows are taken.

use super::*;
use crate::testing;
use types::uploads::Source as From;

#[tokio::test(flavor = "multi_thread")]
async fn every_template_goes_in_as_it_is() {
    for language in TemplateLanguage::ALL {
        let test = testing::engine().await;
        for kind in UploadKind::ALL {
            let bytes = template(kind, language).unwrap();
            let upload = send(&test.engine, kind, &bytes, "", UploadOptions::default()).await;
            let seen = preview(&test.engine, &admin(), upload.id).await.unwrap();
            for (field, column) in kind.fields().iter().zip(&seen.columns) {
                let expected = From::Name(column.name.clone());
                assert_eq!(
                    seen.suggestion.get(field.name),
                    Some(&expected),
                    "{kind:?} {}",
                    field.name
                );
            }
            assert_eq!(
                (seen.columns.len(), seen.suggestion.len()),
                (kind.fields().len(), kind.fields().len())
            );
            let outcome = merge_only(&test.engine, &upload).await;
            let faults = first_rejects(&test.engine, &admin(), upload.id, 9).await.unwrap();
            assert_eq!(
                (outcome.rows.read, outcome.rows.rejected),
                (2, 0),
                "{kind:?} {language:?}: {faults:?}"
            );
        }
        test.close().await;
    }
}
