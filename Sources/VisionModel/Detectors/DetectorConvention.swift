import VisionImage
import VisionTensor

/// How a kind of detector wants its images, and which of its boxes count.
struct DetectorConvention {
  /// Which sides the network's input has.
  enum Sizing: Hashable {
    /// Those of the file; where it leaves them open, squares of this side.
    case fixed(open: Int)
    /// Those of each image, rounded up to a multiple.
    case multiple(of: Int)
  }

  var sizing: Sizing
  var fit: FitMode
  /// That of OpenCV, with which most detectors are trained.
  var filter = ResamplingFilter.bilinearCenter
  var channels = ChannelOrder.rgb
  /// The factor of the pixels, 0...255, and what is subtracted and divided by afterwards, in the order of the
  /// channels.
  var scale = 1.0
  var mean = [0.0, 0, 0]
  var deviation = [1.0, 1, 1]
  /// The lowest score that counts where the kind has its own; nil for that of the task.
  var confidence: Double?
  /// The overlap above which the box with the lower score is dropped; 1 where the network selects by itself, nil
  /// for that of the task.
  var overlap: Double?

  func preprocessing(width: Int, height: Int) throws(ImageError) -> Preprocessing {
    try Preprocessing(
      width: width, height: height, fit: fit, filter: filter, channels: channels,
      scale: [scale, scale, scale], mean: mean, deviation: deviation)
  }
}
