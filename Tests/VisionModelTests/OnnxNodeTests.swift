import Testing
import VisionGraph

@testable import VisionModel

/// ONNX's own tests of its operators, run by the interpreter: PyPI's onnx 1.19.1, `onnx/backend/test/data/node`.
@Suite struct OnnxNodeTests {
  /// Cases in which ONNX Runtime and PyTorch agree with VisionNet and not with ONNX: with scales, ONNX puts the last
  /// corner at the fractional extent, they at the last element; bytes of QLinearMatMul wrap in ONNX's data, where its text
  /// and ONNX Runtime saturate.
  static let disputed: Set = [
    "test_resize_downsample_scales_cubic_align_corners", "test_resize_downsample_scales_linear_align_corners",
    "test_qlinearmatmul_2D_int8_float16", "test_qlinearmatmul_2D_int8_float32",
    "test_qlinearmatmul_3D_int8_float16", "test_qlinearmatmul_3D_int8_float32",
  ]
  /// Cases that a shape rule refuses and should: Dropout that is in training mode by an input.
  static let refusals: Set = [
    "test_training_dropout", "test_training_dropout_default", "test_training_dropout_zero_ratio",
  ]

  @Test(
    .enabled(
      if: OnnxNodeCase.root != nil,
      "set VISIONNET_ONNX_TESTS to onnx/backend/test/data/node of the Python package onnx"))
  func agreesWithOnnxWhereverItDoesNotRefuse() throws {
    let cases = try OnnxNodeCase.all(in: try #require(OnnxNodeCase.root))
    var passed = 0
    var failed: [String] = []
    var refused: [String] = []
    var unsupported: [String: Int] = [:]
    for node in cases {
      switch node.run() {
      case .passed: passed += 1
      case .failed(let why):
        failed.append("\(node.name): \(why)")
        #expect(Self.disputed.contains(node.name), "\(why)")
      case .refused(let why):
        refused.append("\(node.name): \(why)")
        #expect(Self.refusals.contains(node.name), "\(why)")
      case .unsupported(let why): unsupported[why, default: 0] += 1
      }
    }
    let count = unsupported.values.reduce(0, +)
    print("ONNX node tests: \(cases.count) cases, \(passed) passed, \(failed.count) failed,")
    print("  \(refused.count) refused by a shape rule, \(count) that need what VisionNet does not have")
    for why in failed { print("  failed \(why)") }
    for why in refused { print("  refused \(why)") }
    for (why, count) in unsupported.sorted(by: { $0.key < $1.key }) { print("  \(count)× \(why)") }
    #expect(passed > 0)
  }
}
