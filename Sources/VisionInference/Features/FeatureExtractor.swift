import Synchronization
import VisionCompute
import VisionGraph
public import VisionImage
import VisionModel
import VisionRuntime
public import VisionSystem
import VisionTensor

/// Computes the features of images with a backbone, and caches them.
///
/// Each thread takes the next image and reads it. Unless its features are in the cache, it decodes the image
/// and runs the network on it alone. So the features of an image depend only on its file, the backbone and
/// the kernels.
public struct FeatureExtractor: Sendable {
  /// The progress of the work.
  public struct Progress: Sendable {
    /// Images that are done, including cached and failed ones.
    public var done: Int
    public var total: Int
    /// Images whose features were in the cache.
    public var cached: Int
    /// Images that could not be read.
    public var failed: Int
  }

  /// The features of a list of files.
  public struct Result: Sendable {
    /// A row for each image that could be read, N×E, in the order of the list.
    public let features: Matrix
    /// The position of each file's row, nil for a file that could not be read.
    public let rows: [Int?]
    /// The errors of the files that could not be read, in the order of the list.
    public let failures: [(index: Int, error: ImageError)]
    /// Decoded files with irregularities, in the order of the list. Files whose features were in the cache
    /// are not decoded.
    public let odd: [OddImage]
    /// The hash of each file, nil for a file that could not be read.
    package let hashes: [ContentHash?]
    /// The number of rows that came from the cache.
    public let cached: Int
    /// Notes about the cache.
    public let notes: [String]
  }

  public let backbone: Backbone
  public let threads: Int
  /// The folder of the cache; nil for none.
  public let cacheFolder: String?
  /// Whether files with irregularities are rejected, see `ImageOptions.isStrict`. The cache is then written
  /// but not read, because only decoding finds irregularities.
  public var isStrictDecoding = false

  private let sessions: SessionPool
  private let fingerprint: String?

  /// Prepares the network.
  ///
  /// - Throws: `TrainingError` when the network cannot be run.
  public init(_ backbone: Backbone, threads: Int? = nil, cacheFolder: String? = nil) throws(TrainingError) {
    self.backbone = backbone
    self.threads = max(1, threads ?? Executor.availableThreads)
    self.cacheFolder = cacheFolder
    do {
      let executor = Executor(threads: 1)
      sessions = try SessionPool(
        backbone.graph.bound(batch: 1), backbone.parameters, writing: backbone.writer.specs, on: executor,
        idle: IdleSessions(limit: 0))
      _ = try sessions.plan(batch: 1)
      fingerprint = cacheFolder == nil ? nil : try backbone.fingerprint(executor.instructionSet)
    } catch { throw TrainingError.wrapping(error) }
  }

  /// The number of rows that are written to the cache at a time, so that little is lost when the work is
  /// interrupted.
  private static let packRows = 4096

  private struct State {
    var progress: Progress
    var hashes: [ContentHash?]
    var failures: [(index: Int, error: ImageError)] = []
    var odd: [(index: Int, message: String)] = []
    var fresh: [(hash: ContentHash, row: [Float])] = []
    /// The error that ends the work, and the position of its file. Of several errors, the first in the list.
    var failure: (index: Int, error: TrainingError)?
    var cacheFailure: FormatError?
  }

  /// The features of the files at `paths`.
  ///
  /// - Parameters:
  ///   - isStrict: whether to stop at the first file that cannot be read.
  ///   - isCancelled: called between images, on the calling thread; true stops the work.
  ///   - report: called after each image, by one thread at a time.
  /// - Throws: `TrainingError` with code `interrupted` when cancelled, `skipped` for an unreadable file if
  ///   `isStrict`, and errors of a network that fails. Features that were computed before are in the cache.
  public func features(
    of paths: [String], isStrict: Bool = false, isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (Progress) -> Void = { _ in }
  ) throws(TrainingError) -> Result {
    let columns = backbone.featureCount
    var elements = [Float](repeating: 0, count: paths.count * columns)
    let cache = cacheFolder.flatMap { root in
      fingerprint.map { FeatureCache(root: root, fingerprint: $0, columns: columns) }
    }
    let state = Locked(
      State(
        progress: Progress(done: 0, total: paths.count, cached: 0, failed: 0),
        hashes: [ContentHash?](repeating: nil, count: paths.count)))
    let next = Atomic(0)
    let cancellation = CancellationCheck(isCancelled)
    elements.withUnsafeMutableBufferPointer { buffer in
      // Each thread writes the rows of the images that it has taken.
      nonisolated(unsafe) let all = buffer
      // The cache is used only while the state is locked.
      nonisolated(unsafe) let cache = cache
      Executor(threads: threads).forEach(count: threads) { _, _ in
        func work(_ worker: FeatureWorker) {
          while !cancellation.isCancelled, state.withLock({ $0.failure == nil }) {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < paths.count else { break }
            let row = UnsafeMutableBufferPointer(rebasing: all[index * columns..<(index + 1) * columns])
            let outcome = worker.read(paths[index]) { hash in
              cache.map { cache in state.withLock { _ in cache.read(hash, into: row) } } ?? false
            } into: {
              row
            }
            state.withLock { state in
              Self.note(outcome, index, row, &state, cache)
              if isStrict, case .unreadable(let error) = outcome {
                Self.fail(index, .skipped(SkippedFile(path: paths[index], error)), &state)
              }
              report(state.progress)
            }
          }
        }
        do {
          try sessions.withSession(batch: 1) { session in
            work(FeatureWorker(session, backbone, isStrictDecoding: isStrictDecoding))
          }
        } catch { state.withLock { Self.fail(0, TrainingError.wrapping(error), &$0) } }
      }
    }
    let final = state.withLock { state in
      Self.keep(&state, cache)
      return state
    }
    if let failure = final.failure { throw failure.error }
    guard final.progress.done == paths.count else {
      throw TrainingError(.interrupted, "interrupted; the features so far are kept")
    }
    return Self.result(paths, final, Matrix(rows: paths.count, columns: columns, elements: elements), cache)
  }

  private static func note(
    _ outcome: FeatureWorker.Outcome, _ index: Int, _ row: UnsafeMutableBufferPointer<Float>,
    _ state: inout State,
    _ cache: FeatureCache?
  ) {
    switch outcome {
    case .cached(let hash):
      state.hashes[index] = hash
      state.progress.cached += 1
    case .computed(let hash, let odd):
      state.hashes[index] = hash
      if let odd { state.odd.append((index, odd)) }
      if cache != nil { state.fresh.append((hash, Array(row))) }
      if state.fresh.count >= packRows { keep(&state, cache) }
    case .unreadable(let error):
      state.failures.append((index, error))
      state.progress.failed += 1
    case .failed(let error): fail(index, error, &state)
    }
    state.progress.done += 1
  }

  private static func fail(_ index: Int, _ error: TrainingError, _ state: inout State) {
    guard index < state.failure?.index ?? .max else { return }
    state.failure = (index, error)
  }

  private static func keep(_ state: inout State, _ cache: FeatureCache?) {
    do {
      try cache?.keep(state.fresh)
    } catch { state.cacheFailure = error }
    state.fresh = []
  }

  private static func result(_ paths: [String], _ state: State, _ all: Matrix, _ cache: FeatureCache?)
    -> Result
  {
    let failures = state.failures.sorted { $0.index < $1.index }
    let failed = Set(failures.map(\.index))
    var rows: [Int?] = []
    var kept: [Int] = []
    for index in 0..<all.rows {
      rows.append(failed.contains(index) ? nil : kept.count)
      if !failed.contains(index) { kept.append(index) }
    }
    var notes: [String] = []
    if let damaged = cache?.damaged, damaged > 0 {
      let places = damaged == 1 ? "place" : "places"
      notes.append("the feature cache is damaged in \(damaged) \(places), which were computed anew")
    }
    if let failure = state.cacheFailure { notes.append("the features cannot be cached: \(failure)") }
    return Result(
      features: failed.isEmpty ? all : all.selecting(kept), rows: rows, failures: failures,
      odd: state.odd.sorted { $0.index < $1.index }.map {
        OddImage(path: paths[$0.index], message: $0.message)
      },
      hashes: state.hashes, cached: state.progress.cached, notes: notes)
  }
}
