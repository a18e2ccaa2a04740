import VisionCompute
public import VisionImage
public import VisionSystem
import VisionTensor

/// Decoded images by path, as many as fit into a budget; all others are decoded each time.
///
/// Images are kept exactly as decoded, so the cache does not change results.
public final class ImageCache: Sendable {
  private struct Key: Hashable {
    var path: String
    /// Nil for an image decoded at full size.
    var preprocessing: Preprocessing?
  }

  private struct State {
    var images: [Key: Image] = [:]
    var bytes = 0
  }

  /// The maximum number of bytes kept.
  public let byteBudget: Int
  private let state = Locked(State())

  /// A quarter of the memory that a network may use on this machine.
  public static var standardByteBudget: Int { MachineMemory.limit / 4 }

  /// - Parameter byteBudget: the maximum number of bytes kept; 0 disables the cache.
  public init(byteBudget: Int = ImageCache.standardByteBudget) { self.byteBudget = byteBudget }

  /// The number of bytes currently kept.
  public var bytes: Int { state.withLock { $0.bytes } }

  /// The image in a file.
  ///
  /// - Parameter preprocessing: the preprocessing for which it is read; nil for the full-size image.
  /// - Throws: `ImageError`, like `Image(contentsOf:)`.
  public func image(at path: String, for preprocessing: Preprocessing? = nil) throws(ImageError) -> Image {
    // Decoding is the same for all other preprocessings.
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

  /// Decodes every file once, so that training does not meet unreadable files; keeps those that fit.
  ///
  /// - Parameters:
  ///   - preprocessing: the preprocessing for which images are read; nil for full-size images.
  ///   - isCancelled: asked between files, on the calling thread.
  ///   - report: called with the number of completed files, by one thread at a time.
  /// - Returns: the unreadable files, in the order of the list.
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
