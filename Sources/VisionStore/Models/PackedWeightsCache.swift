import VisionCompute
import VisionModel
package import VisionRuntime
import VisionSystem
import VisionTensor

/// A folder of weights in the order that the kernels read, so that the next process maps them instead of packing them again.
///
/// What is kept is used only while the model's files, the program and the kept file are those that were seen when it was
/// written: any write, truncation or replacement moves a file's status time, which no program can set. What does not fit is
/// packed again, and nothing but time is lost when the folder is removed. Results do not depend on it, to the bit.
public struct PackedWeightsCache: Sendable {
  /// Where the weights are kept; made when there is something to keep.
  public let directory: String
  /// Bytes that all models together may take; the longest unused go first.
  public let limit: Int
  /// Bytes below which packing is as fast as looking for what is kept.
  var smallest = 1 << 20

  /// - Parameters:
  ///   - directory: a folder of its own.
  ///   - limit: in bytes.
  public init(directory: String, limit: Int = 1 << 30) {
    self.directory = directory
    self.limit = limit
  }

  /// `packed` in the user's cache folder; nil when there is no home.
  public static var standard: PackedWeightsCache? {
    UserFolders.cache().map { PackedWeightsCache(directory: "\($0)/packed") }
  }

  /// The place of a model's weights, with the state of its file before anything of it is read; nil when there is no such file.
  ///
  /// - Parameter now: nanoseconds since 1970; the system's clock unless a test gives another.
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

  /// Removes what is kept of a model.
  func remove(model path: String) throws(StoreError) {
    let base = base(forModel: CacheFolder.absolute(path))
    try CacheFolder.remove("\(base).\(Ending.index)")
    try CacheFolder.remove("\(base).\(Ending.weights)")
  }

  /// Nanoseconds that the file system's clock may stand still: what is written twice meanwhile has one time.
  private static let clockTick = 20_000_000

  private enum Ending {
    static let index = "index", weights = "weights"
  }

  private func base(forModel path: String) -> String {
    "\(directory)/\(ContentHash(of: Array(path.utf8)).hexadecimal.prefix(16))"
  }

  /// What is kept of one model.
  package struct Entry: Sendable {
    /// Absolute.
    fileprivate let path: String
    fileprivate let model: FileStamp
    /// Whether any later change of the model's file is sure to show in its time.
    fileprivate let isSettled: Bool
    fileprivate let cache: PackedWeightsCache

    private var base: String { cache.base(forModel: path) }
    private var indexPath: String { "\(base).\(Ending.index)" }
    private var weightsPath: String { "\(base).\(Ending.weights)" }

    /// The files that decide what the weights are, as they are now; nil when the model's is not what it was.
    ///
    /// - Parameter others: files of external data.
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

    /// What is kept, mapped into memory; nil when there is nothing, or it no longer fits.
    package func weights(otherFiles: [String]) -> SavedWeights? {
      guard let file = try? MappedFile(indexPath), file.byteCount <= PackedWeightsIndex.largestByteCount,
        let index = PackedWeightsIndex(file.bytes), index.sources == sources(otherFiles),
        let weights = try? MappedFile(weightsPath), FileStamp(weightsPath) == index.weights
      else { return nil }
      touch()
      weights.populate()
      return SavedWeights(weights.bytes.storage, ranges: index.ranges)
    }

    /// Keeps what a store has packed, unless it is kept already or too much, or the model was written just now.
    ///
    /// - Throws: `StoreError` when it cannot be written; what was kept before is then untouched, or unused.
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
      // A cache should not be what fills a disk.
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

    /// Notes once a day that the weights are in use.
    private func touch() {
      var status = stat()
      guard stat(indexPath, &status) == 0 else { return }
      let written = status.modified.tv_sec
      if time(nil) - written > 24 * 60 * 60 { utimes(indexPath, nil) }
    }
  }

  /// Removes what others of our kind left over, what is kept of models that are gone, and the longest unused beyond the limit.
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

/// The files that hold this program's code.
private enum Program {
  /// Nil when they are unknown: what is packed may then not be what this program would pack.
  static let files: [String]? = {
    guard let executable = POSIX.executable else { return nil }
    // Where VisionNet is a shared library the kernels are in another file than the executable. A name without a folder is
    // that of a program which was found in the search path.
    guard let name = InstructionSet.kernelsFile, name.contains("/"), let file = POSIX.realPath(name),
      file != executable
    else { return [executable] }
    return [executable, file]
  }()
}
