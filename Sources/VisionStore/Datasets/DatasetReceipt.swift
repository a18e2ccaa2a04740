import VisionModel
import VisionSystem

/// The files that a pull adds to the data, for people and for the next pull.
struct DatasetReceipt {
  let dataset: PublicDataset

  private static let name = ".visionnet-dataset"

  private var text: String { "\(dataset.name) \(dataset.fingerprint)\n" }

  func write(to folder: String) throws(StoreError) {
    for (name, text) in [("README.txt", notice), (Self.name, text)] {
      let number = PlainFile.write([UInt8](text.utf8), to: "\(folder)/\(name)")
      if number != 0 { throw CacheFolder.failure(number, "\(folder)/\(name)") }
    }
  }

  /// Whether a folder is the completed result of a pull of exactly this dataset.
  func isIn(_ folder: String) -> Bool {
    guard let file = try? MappedFile("\(folder)/\(Self.name)") else { return false }
    return file.bytes.string == text
  }

  /// The number of the dataset's files in a folder.
  func count(in folder: String) -> Int {
    if dataset.isTable {
      return dataset.splits.filter { CacheFolder.exists("\(folder)/\($0.name).csv") }.count
    }
    return dataset.splits.reduce(0) { sum, split in
      dataset.classes.reduce(sum) { $0 + CacheFolder.names(in: "\(folder)/\(split.name)/\($1)").count }
    }
  }

  /// The expected number of files.
  var count: Int { dataset.isTable ? dataset.splits.count : dataset.count }

  private var notice: String {
    let source =
      switch dataset.source {
      case .generated(let seed): "drawn by VisionNet from seed \(seed)"
      case .debian(let package, _): "the Debian package \(package)"
      case .python(let package, let version): "the Python package \(package) \(version)"
      }
    let parts = dataset.splits.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    return """
      \(dataset.name): \(dataset.title)

      Source:   \(source)
      By:       \(dataset.credit)
      License:  \(dataset.license)
      Each:     \(dataset.element)
      Classes:  \(dataset.classes.joined(separator: ", "))
      Counts:   \(parts)

      """
  }
}
