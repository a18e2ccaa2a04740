import VisionCompute
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct InspectPlanTests {
  private func object(_ arguments: [String]) throws -> [String: Any] {
    let result = try Tool.run(arguments)
    #expect(result.status == 0)
    return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test func textShowsStepsMemoryAndReasons() throws {
    let result = try Tool.run(["inspect", "resnet18", "--plan", "--threads", "2"])
    #expect(result.status == 0)
    for part in [
      "seeded weights", "batch 1, 2 threads", "Conv+BatchNormalization+Add+Relu", "channels last", "MFLOP",
      "7×7 with stride 2 is 4×4 on even and odd pixels: 22 % of the products",
      "3×3 with stride 2 is 2×2 on even and odd pixels: 56 % of the products",
      "3×3 with stride 1 and weights that do not change: 20 % of the products",
      "tiles of", "why", "activations", "scratch", "weights", "view of memory",
    ] {
      #expect(result.output.contains(part), "\(part) is missing")
    }
    let chained = try Tool.run(["inspect", "alexnet", "--plan"])
    for part in ["Relu+MaxPool", "a convolution and a pooling"] {
      #expect(chained.output.contains(part), "\(part) is missing")
    }
  }

  @Test func jsonHasEveryStep() throws {
    let report = try object([
      "inspect", "mobilenet_v2", "--plan", "--batch", "2", "--threads", "1", "--format", "json",
    ])
    #expect(report["kind"] as? String == "plan")
    #expect(report["batch"] as? Int == 2 && report["threads"] as? Int == 1)
    #expect(report["instructionSet"] as? String == InstructionSet.preferred.rawValue)
    for name in ["arenaBytes", "scratchBytes", "weightBytes", "flops"] {
      #expect((report[name] as? Int ?? 0) > 0, "\(name)")
    }
    let steps = try #require(report["steps"] as? [[String: Any]])
    let convolutions = steps.filter { ($0["parts"] as? [String])?.first == "Conv" }
    let parts = convolutions.flatMap { $0["parts"] as? [String] ?? [] }
    #expect(parts.filter { $0 == "Conv" }.count == 52)
    for step in convolutions {
      let results = try #require(step["results"] as? [[String: Any]])
      #expect((results[0]["shape"] as? [Int])?.first == 2)
      #expect(results[0]["layout"] as? String == "channels last")
      #expect((step["reason"] as? String)?.isEmpty == false && (step["flops"] as? Int ?? 0) > 0)
    }
  }

  /// A large batch goes through the first steps in parts, which both forms say.
  @Test func batchesInPartsAreTold() throws {
    let arguments = ["inspect", "squeezenet1_1", "--plan", "--batch", "16"]
    let result = try Tool.run(arguments)
    #expect(result.output.contains("steps are run for 4 parts of 4 images"))
    let report = try object(arguments + ["--format", "json"])
    let steps = try #require(report["steps"] as? [[String: Any]])
    #expect(report["batchParts"] as? Int == 4)
    // What follows the last pooling is a view.
    #expect(report["stepsOfParts"] as? Int == steps.count)
    let alone = try object(["inspect", "squeezenet1_1", "--plan", "--format", "json"])
    #expect(alone["batchParts"] as? Int == 1 && alone["stepsOfParts"] as? Int == 0)
  }

  @Test func theInstructionSetCanBeForced() throws {
    let result = try Tool.run(
      ["inspect", "lenet5", "--plan", "--format", "json"], environment: ["VISIONNET_ISA": "portable"])
    #expect(result.output.contains(#""instructionSet": "portable""#))
  }

  @Test func aFileOfOnesOwnHasAPlan() throws {
    let colors = try ColorFolder()
    let result = try Tool.run(["inspect", colors.model, "--plan"])
    #expect(result.status == 0)
    #expect(result.output.contains("GlobalAveragePool") && !result.output.contains("seeded"))
  }

  @Test(arguments: [
    ("im2col", "im2col and GEMM"), ("direct", "direct (implicit im2col)"),
    ("winograd", "Winograd F(4×4, 3×3)"),
  ])
  func convolutionsCanBeNamed(_ name: String, _ algorithm: String) throws {
    let result = try Tool.run(["inspect", "resnet20", "--plan", "--convolutions", name])
    #expect(result.status == 0 && result.output.contains(algorithm))
  }

  /// `auto` was called `automatic` once.
  @Test func theDefaultOfConvolutionsHasTwoNames() throws {
    let results = try [["--convolutions", "auto"], ["--convolutions", "automatic"], []].map {
      try Tool.run(["inspect", "lenet5", "--plan"] + $0)
    }
    #expect(results.allSatisfy { $0.status == 0 && $0.output == results[0].output })
    #expect(try Tool.run(["inspect", "lenet5", "--plan", "--convolutions", "gemm"]).status == 64)
    #expect(try Tool.run(["inspect", "lenet5", "--convolutions", "im2col"]).status == 64)
  }

  @Test func wrongArgumentsAreToldByTheExitCode() throws {
    let colors = try ColorFolder()
    #expect(try Tool.run(["inspect", "lenet5", "--threads", "2"]).status == 64)
    #expect(try Tool.run(["inspect", "lenet5", "--plan", "--batch", "0"]).status == 64)
    #expect(try Tool.run(["inspect", "lenet5", "--plan", "--threads", "0"]).status == 64)
    #expect(try Tool.run(["inspect", colors.path("red.png"), "--plan"]).status == 64)
    #expect(try Tool.run(["inspect", "neither-file-nor-model", "--plan"]).status == 66)
  }
}
