import VisionCompute
import VisionModel
package import VisionRuntime
import VisionSystem
import VisionTensor

/// A folder of weights in the layout that the kernels read, so that later processes map them instead of
/// packing them again.
///
/// Cached weights are used only while the model's files, the program and the cached file itself are unchanged
/// since they were written: every write, truncation or replacement changes a file's status time, which no
/// program can set. Otherwise the weights are packed again. Removing the folder costs only time. The results
/// are identical to the bit with and without the cache.
public struct PackedWeightsCache: Sendable {
  /// The folder of the cache; created when there is something to store.
  public let directory: String
  /// The total size limit in bytes; the least recently used weights are removed first.
  public let limit: Int
  /// The size in bytes below which packing is as fast as looking in the cache.
  var smallest = 1 << 20

  /// - Parameters:
  ///   - directory: a folder used only for this cache.
  ///   - limit: the total size limit in bytes.
  public init(directory: String, limit: Int = 1 << 30) {
    self.directory = directory
    self.limit = limit
  }

  /// The folder `packed` in the user's cache folder; nil without a home folder.
  public static var standard: PackedWeightsCache? {
    UserFolders.cache().map { PackedWeightsCache(directory: "\($0)/packed") }
  }

  /// The cache entry of a model, with the state of the model's file before it is read; nil when the file does
  /// not exist.
  ///
  /// - Parameter now: nanoseconds since 1970; by default from the system's clock.
  package func entry(forModel path: String, now: Int? = nil) -> Entry? {
    guard let stamp = FileStamp(path) else { return nil }
    let age = (now ?? Self.clock) &- stamp.changed
    return Entry(
      path: CacheFolder.absolute(path), model: stamp, isSettled: age >= Self.clockTick, cache: self)
  }

  private static var clock: Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int(now.tv_sec) &* 1_000_000_000 &+ Int(now.tv_nsec)
  }

  /// Removes the cached weights of a model.
  func remove(model path: String) throws(StoreError) {
    let base = base(forModel: CacheFolder.absolute(path))
    try CacheFolder.remove("\(base).\(Ending.index)")
    try CacheFolder.remove("\(base).\(Ending.weights)")
  }

  /// The maximum resolution of the file system's clock in nanoseconds: two writes within this time may have
  /// the same stamp.
  private static let clockTick = 20_000_000

  private enum Ending {
    static let index = "index", weights = "weights"
  }

  private func base(forModel path: String) -> String {
    "\(directory)/\(ContentHash(of: Array(path.utf8)).hexadecimal.prefix(16))"
  }

  /// The cached weights of one model.
  package struct Entry: Sendable {
    /// The absolute path of the model's file.
    fileprivate let path: String
    fileprivate let model: FileStamp
    /// Whether any later change of the model's file is certain to change its stamp.
    fileprivate let isSettled: Bool
    fileprivate let cache: PackedWeightsCache

    private var base: String { cache.base(forModel: path) }
    private var indexPath: String { "\(base).\(Ending.index)" }
    private var weightsPath: String { "\(base).\(Ending.weights)" }

    /// The files that determine the weights, with their current stamps; nil when the model's file has
    /// changed.
    ///
    /// - Parameter others: the files of external data.
    private func sources(_ others: [String]) -> [PackedWeightsIndex.Source]? {
      guard FileStamp(path) == model else { return nil }
      var paths = [path] + others.map(CacheFolder.absolute)
      guard let program = Program.files else { return nil }
      paths += program
      var sources: [PackedWeightsIndex.Source] = []
      for path in paths {
        guard let stamp = FileStamp(path) else { return nil }
        sources.append(PackedWeightsIndex.Source(path: path, stamp: stamp))
      }
      return sources
    }

    /// The cached weights, mapped into memory; nil when there are none or they are outdated.
    package func weights(otherFiles: [String]) -> SavedWeights? {
      guard let file = try? MappedFile(indexPath), file.byteCount <= PackedWeightsIndex.largestByteCount,
        let index = PackedWeightsIndex(file.bytes), index.sources == sources(otherFiles),
        let weights = try? MappedFile(weightsPath), FileStamp(weightsPath) == index.weights
      else { return nil }
      touch()
      weights.populate()
      return SavedWeights(weights.bytes.storage, ranges: index.ranges)
    }

    /// Stores the packed weights of a store, unless they are already stored or too large, or the model was
    /// written only just before.
    ///
    /// - Throws: `StoreError` when they cannot be written; previously cached weights are then unchanged or
    ///   unused.
    package func keep(_ store: WeightStore, otherFiles: [String]) throws(StoreError) {
      guard isSettled, store.hasUnsavedWeights, let sources = sources(otherFiles) else { return }
      let packed = store.packedWeights
      var contents = ByteChunks()
      var ranges: [String: Range<Int>] = [:]
      for (key, bytes) in packed {
        let padding = (TensorStorage.alignment - contents.count % TensorStorage.alignment)
        if padding < TensorStorage.alignment { contents.append([UInt8](repeating: 0, count: padding)) }
        ranges[key] = contents.count..<(contents.count + bytes.byteCount)
        contents.append(Tensor(elementType: .uint8, shape: [bytes.byteCount], storage: bytes))
      }
      guard contents.count >= cache.smallest, contents.count <= cache.limit / 2 else { return }
      try CacheFolder.make(cache.directory)
      // The cache must not fill the disk.
      if let free = CacheFolder.freeBytes(cache.directory), contents.count > free / 4 { return }
      let lock = try FileLock(folder: cache.directory, isCancelled: { false }, waiting: {})
      defer { withExtendedLifetime(lock) {} }
      cache.makeRoom(contents.count, except: base)
      do {
        try AtomicFile.write(contents, to: weightsPath)
        guard let stamp = FileStamp(weightsPath) else { return }
        let index = PackedWeightsIndex(sources: sources, weights: stamp, ranges: ranges)
        try AtomicFile.write(index.bytes, to: indexPath)
      } catch { throw CacheFolder.failure(error, weightsPath) }
    }

    /// Records, at most once a day, that the weights are in use.
    private func touch() {
      var status = stat()
      guard stat(indexPath, &status) == 0 else { return }
      let written = status.modified.tv_sec
      if time(nil) - written > 24 * 60 * 60 { utimes(indexPath, nil) }
    }
  }

  /// Removes files left by interrupted writes, weights of models that no longer exist, and the least recently
  /// used weights beyond the limit.
  private func makeRoom(_ byteCount: Int, except base: String) {
    let names = CacheFolder.names(in: directory)
    var kept: [(base: String, byteCount: Int, used: Int)] = []
    for name in names {
      let path = "\(directory)/\(name)"
      if name.hasSuffix(".part") {
        unlink(path)
      } else if name.hasSuffix(".\(Ending.weights)"), !path.hasPrefix("\(base).") {
        let base = String(path.dropLast(Ending.weights.utf8.count + 1))
        let index = (try? MappedFile("\(base).\(Ending.index)")).flatMap { PackedWeightsIndex($0.bytes) }
        var status = stat()
        if let index, index.sources.allSatisfy({ FileStamp($0.path) == $0.stamp }),
          stat("\(base).\(Ending.index)", &status) == 0
        {
          kept.append((base, index.weights.byteCount, Int(status.modified.tv_sec)))
        } else {
          remove(base)
        }
      }
    }
    kept.sort { $0.used > $1.used }
    var sum = byteCount
    for entry in kept {
      sum += entry.byteCount
      if sum > limit { remove(entry.base) }
    }
  }

  private func remove(_ base: String) {
    unlink("\(base).\(Ending.index)")
    unlink("\(base).\(Ending.weights)")
  }
}

/// The files that contain this program's code.
private enum Program {
  /// Nil when unknown: cached weights may then differ from those that this program would pack.
  static let files: [String]? = {
    guard let executable = POSIX.executable else { return nil }
    // If VisionNet is a shared library, the kernels are not in the executable's file. A name without a folder
    // is that of a program found through the search path.
    guard let name = InstructionSet.kernelsFile, name.contains("/"), let file = POSIX.realPath(name),
      file != executable
    else { return [executable] }
    return [executable, file]
  }()
}
