import VisionNet
import VisionSystem

/// The description of a quantized network.
struct QuantizationReport {
  let quantization: Model.Quantization
  /// Whether the network finds objects.
  private let isDetector: Bool

  init(_ quantization: Model.Quantization, of model: Model) {
    self.quantization = quantization
    isDetector = model.task == "detection"
  }

  /// The result on one line.
  var sentence: String {
    let cost = (accuracy.isEmpty ? [agreement].compactMap { $0 } : accuracy).map { "\($0.0) \($0.1)" }
    return "ranges by \(quantization.method) on \(quantization.images) images; "
      + (cost + ["outputs \(noise)"]).joined(separator: ", ")
  }

  var text: String {
    let lines =
      [
        ("ranges", "by \(quantization.method), on \(quantization.images) images"),
        (
          "measured",
          "on \(quantization.testImages) \(quantization.isHeldOut ? "others" : "of the same images")"
        ),
      ] + accuracy + [agreement].compactMap { $0 } + [("outputs", "signal to noise \(noise)")]
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { name, text in
      name + String(repeating: " ", count: width + 2 - name.count) + text
    }.joined(separator: "\n")
  }

  /// What the model is for, before and after; empty where the truth is not known.
  private var accuracy: [(String, String)] {
    func line(_ name: String, _ pair: (before: Double, after: Double)?, _ text: (Double) -> String)
      -> [(String, String)]
    {
      pair.map { [(name, "\(text($0.before)) before, \(text($0.after)) after")] } ?? []
    }
    return line("top-1", quantization.top1, percent)
      + line("mAP50-95", quantization.boxPrecision) { Figures.percent($0, places: 1) }
  }

  private var agreement: (String, String)? {
    quantization.agreement.map {
      isDetector ? ("same objects", "\(Figures.rounded(100 * $0, 1)) %") : ("same class", percent($0))
    }
  }

  private var noise: String { "\(Figures.rounded(quantization.signalToNoise, 1)) dB" }

  var json: JSON {
    .object([
      ("method", .string(quantization.method)), ("calibrationImages", .integer(quantization.images)),
      ("seed", .verbatim("\(quantization.seed)")), ("testImages", .integer(quantization.testImages)),
      ("heldOut", .bool(quantization.isHeldOut)),
      ("top1Before", quantization.top1.map { .number($0.before) } ?? .null),
      ("top1After", quantization.top1.map { .number($0.after) } ?? .null),
      ("mapBefore", quantization.boxPrecision.map { .number($0.before) } ?? .null),
      ("mapAfter", quantization.boxPrecision.map { .number($0.after) } ?? .null),
      ("agreement", quantization.agreement.map { .number($0) } ?? .null),
      ("signalToNoise", .number(quantization.signalToNoise)),
    ])
  }

  private func percent(_ part: Double) -> String { Figures.percent(part, of: quantization.testImages) }
}
