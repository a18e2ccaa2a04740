import Synchronization
import VisionCompute
import VisionImage
import VisionSystem
import VisionTensor

/// The properties of one image.
struct ImageFacts: Sendable {
  let width: Int
  let height: Int
  /// Whether every pixel is a shade of gray.
  let isGray: Bool
  /// The means of red, green and blue, 0...1.
  let mean: SIMD3<Double>
  /// The means of the squares of red, green and blue.
  let meanSquare: SIMD3<Double>
  /// The hash of the file.
  let hash: ContentHash
  /// A defect of the file, if any.
  let odd: String?

  /// Decodes the file at `path`.
  ///
  init(path: String, options: ImageOptions = ImageOptions()) throws(ImageError) {
    let file = try FileBytes(path: path, limit: options.maximumFileBytes)
    hash = ContentHash(of: file.bytes)
    let image = try Image(encoded: file.bytes, name: path, options: options)
    (width, height, odd) = (image.width, image.height, image.warning)
    var (sum, squares) = (SIMD3<UInt64>(), SIMD3<UInt64>())
    var isGray = true
    image.withUnsafePixels { pixels in
      var index = 0
      while index + 2 < pixels.count {
        let (red, green, blue) = (UInt64(pixels[index]), UInt64(pixels[index + 1]), UInt64(pixels[index + 2]))
        let pixel = SIMD3(red, green, blue)
        sum &+= pixel
        squares &+= pixel &* pixel
        if red != green || green != blue { isGray = false }
        index += 3
      }
    }
    self.isGray = isGray
    let count = Double(image.width * image.height)
    mean = SIMD3<Double>(sum) / (255 * count)
    meanSquare = SIMD3<Double>(squares) / (255 * 255 * count)
  }
}

extension ImageFacts {
  /// The facts of every file, decoded on several threads; nil for those that were not looked at.
  ///
  /// - Parameters:
  ///   - isCancelled: asked between images, on the calling thread.
  ///   - report: called with the number of completed images, by one thread at a time.
  static func all(
    _ paths: [String], options: ImageOptions, threads: Int?, stopsAtFirstError: Bool,
    isCancelled: @escaping @Sendable () -> Bool, report: @Sendable (Int) -> Void
  ) -> [Result<ImageFacts, ImageError>?] {
    let results = Locked([Result<ImageFacts, ImageError>?](repeating: nil, count: paths.count))
    let done = Locked(0)
    let isStopped = Atomic(false)
    let cancellation = CancellationCheck(isCancelled)
    Executor(threads: threads).forEach(count: paths.count) { index, _ in
      guard !isStopped.load(ordering: .relaxed), !cancellation.isCancelled else { return }
      let result = Result { () throws(ImageError) in
        try ImageFacts(path: paths[index], options: options)
      }
      results.withLock { $0[index] = result }
      if stopsAtFirstError, case .failure = result { isStopped.store(true, ordering: .relaxed) }
      done.withLock { done in
        done += 1
        report(done)
      }
    }
    return results.withLock { $0 }
  }

  /// The means of red, green and blue over images, 0...1, and their standard deviations; at least 0.01.
  ///
  /// Summed in the order of the images, so that the result does not depend on the threads.
  static func statistics(_ images: [ImageFacts]) -> (mean: [Double], deviation: [Double]) {
    let count = Double(images.count)
    let mean = images.reduce(SIMD3<Double>()) { $0 + $1.mean } / count
    let square = images.reduce(SIMD3<Double>()) { $0 + $1.meanSquare } / count
    return (
      (0..<3).map { rounded(mean[$0]) },
      (0..<3).map { rounded(max(0.01, (square[$0] - mean[$0] * mean[$0]).squareRoot())) }
    )
  }

  /// Rounded to four decimals, which are easy to read and compare.
  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
