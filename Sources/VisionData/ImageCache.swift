import VisionCompute
public import VisionImage
public import VisionSystem
import VisionTensor

/// Decoded images by their paths, as many as fit into a budget; the others are decoded each time.
///
/// What stays is an image as it was decoded, so that results are the same with and without.
public final class ImageCache: Sendable {
  private struct Key: Hashable {
    var path: String
    /// Nil for a whole image.
    var preprocessing: Preprocessing?
  }

  private struct State {
    var images: [Key: Image] = [:]
    var bytes = 0
  }

  /// The most bytes that are kept.
  public let byteBudget: Int
  private let state = Locked(State())

  /// A quarter of what a network may take of this machine's memory.
  public static var standardByteBudget: Int { MachineMemory.limit / 4 }

  /// - Parameter byteBudget: bytes; 0 keeps nothing.
  public init(byteBudget: Int = ImageCache.standardByteBudget) { self.byteBudget = byteBudget }

  /// The bytes that are kept now.
  public var bytes: Int { state.withLock { $0.bytes } }

  /// The image in a file.
  ///
  /// - Parameter preprocessing: what it is read for; nil for the whole image.
  /// - Throws: `ImageError` as `Image(contentsOf:)`.
  public func image(at path: String, for preprocessing: Preprocessing? = nil) throws(ImageError) -> Image {
    // All others are decoded alike.
    let isOwn = preprocessing.map { $0.decoding == .scaled || $0.levels != nil } ?? false
    let key = Key(path: path, preprocessing: isOwn ? preprocessing : nil)
    if byteBudget > 0, let image = state.withLock({ $0.images[key] }) { return image }
    let image = try Image(contentsOf: path, options: ImageOptions(preprocessing: preprocessing))
    let bytes = image.width * image.height * 3
    guard byteBudget > 0 else { return image }
    state.withLock { state in
      guard state.bytes + bytes <= byteBudget, state.images[key] == nil else { return }
      state.images[key] = image
      state.bytes += bytes
    }
    return image
  }

  /// Decodes every file once, so that training meets none that cannot be read; keeps what fits.
  ///
  /// - Parameters:
  ///   - preprocessing: what they are read for; nil for whole images.
  ///   - isCancelled: asked between files, on the calling thread.
  ///   - report: called with the number of files done, by one thread at a time.
  /// - Returns: the files that cannot be read, in the order of the list.
  /// - Throws: `TrainingError` with code `interrupted` when cancelled.
  public func check(
    _ images: [LabeledImage], for preprocessing: Preprocessing? = nil, threads: Int? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    report: @Sendable (Int) -> Void = { _ in }
  ) throws(TrainingError) -> [SkippedFile] {
    let found = Locked((done: 0, skipped: [(index: Int, file: SkippedFile)]()))
    let cancellation = CancellationCheck(isCancelled)
    Executor(threads: threads).forEach(count: images.count) { index, _ in
      guard !cancellation.isCancelled else { return }
      var file: SkippedFile?
      do throws(ImageError) { _ = try image(at: images[index].path, for: preprocessing) } catch {
        file = SkippedFile(path: images[index].path, error)
      }
      found.withLock { found in
        found.done += 1
        if let file { found.skipped.append((index, file)) }
        report(found.done)
      }
    }
    let (done, skipped) = found.withLock { $0 }
    guard done == images.count else { throw TrainingError(.interrupted, "interrupted") }
    return skipped.sorted { $0.index < $1.index }.map(\.file)
  }
}
