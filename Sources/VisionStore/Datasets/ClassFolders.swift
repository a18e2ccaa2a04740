import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// Writes images as PNG files into one folder per class.
struct ClassFolders {
  /// The split's folder, which must not exist yet.
  let folder: String
  let classes: [String]
  let executor: Executor
  let isCancelled: () -> Bool

  /// The number of images between checks for cancellation.
  private static let batch = 512

  /// Writes `count` images on all threads. `image` gives the class, the number for the file name and the PNG
  /// bytes of each image; `progress` receives the number of images written.
  ///
  /// - Throws: `interrupted`, `noSpace`, `notWritable`, `io`; some images may then have been written.
  func write(
    count: Int, progress: (Int) -> Void,
    _ image: @Sendable (Int) throws(ImageError) -> (label: Int, number: Int, png: [UInt8])
  ) throws(StoreError) {
    for name in classes { try CacheFolder.make("\(folder)/\(name)") }
    let failures = Locked<[Int: StoreError]>([:])
    for start in stride(from: 0, to: count, by: Self.batch) {
      if isCancelled() || Task.isCancelled {
        throw StoreError(
          .interrupted, "interrupted while images were written", place: folder,
          remedy: "nothing was kept; run it again")
      }
      let size = min(Self.batch, count - start)
      executor.forEach(count: size) { [folder, classes] index, _ in
        do throws(ImageError) {
          let (label, number, png) = try image(start + index)
          let path = "\(folder)/\(classes[label])/\(Self.digits(number)).png"
          let failure = PlainFile.write(png, to: path)
          if failure != 0 { failures.withLock { $0[index] = CacheFolder.failure(failure, path) } }
        } catch {
          failures.withLock { $0[index] = StoreError(.io, error.message, place: folder) }
        }
      }
      // The first failure in order, independent of the threads.
      if let first = failures.withLock({ $0.min { $0.key < $1.key } }) { throw first.value }
      progress(start + size)
    }
  }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(5 - text.utf8.count, 0)) + text
  }
}
