import Testing

@testable import VisionStore

@Suite struct DatasetManifestTests {
  private let datasets = DatasetManifest.builtIn.datasets

  @Test func namesAreUniqueAndPlain() {
    #expect(Set(datasets.map(\.name)).count == datasets.count)
    for dataset in datasets {
      #expect(dataset.name.wholeMatch(of: /[a-z0-9][a-z0-9-]*/) != nil)
      #expect(!dataset.title.isEmpty && !dataset.credit.isEmpty && !dataset.element.isEmpty)
      #expect(dataset.license.wholeMatch(of: /[A-Za-z0-9.-]+/) != nil)
    }
    #expect(Set(datasets.map(\.fingerprint)).count == datasets.count)
  }

  @Test func filesHaveChecksumsAndStayInsideTheirPackage() {
    for dataset in datasets {
      for file in dataset.files {
        #expect(file.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
        #expect(!parts.contains { $0.isEmpty || $0 == ".." || $0 == "." })
      }
      let needed =
        switch dataset.form {
        case .shapes: 0
        case .arrays: 2 * dataset.splits.count
        case .digits, .table: 1
        }
      #expect(dataset.files.count == needed)
    }
  }

  @Test func nothingNamesAHost() {
    for dataset in datasets {
      let text = "\(dataset)"
      #expect(!text.contains("://") && !text.contains("www."))
      #expect(text.firstMatch(of: /\.(org|com|net|io)\b/) == nil)
    }
  }

  @Test func classesAreFoldersAndCountsAreWhole() {
    for dataset in datasets {
      #expect(Set(dataset.classes).count == dataset.classes.count && dataset.classes.count > 1)
      for name in dataset.classes { #expect(name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9-]*/) != nil) }
      for split in dataset.splits {
        #expect(split.count > 0)
        if !dataset.isTable { #expect(split.count.isMultiple(of: dataset.classes.count)) }
      }
      #expect(dataset.isTable || dataset.splits.first?.name == "train")
    }
  }
}
