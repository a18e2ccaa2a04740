import VisionModel
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct BenchTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func anArchitectureIsTimedWithoutAnyFile() throws {
    let result = try Tool.run([
      "bench", "lenet5", "--runs", "5", "--threads", "1", "--batch-size", "2", "--json",
    ])
    #expect(result.status == 0)
    let report = try object(result.output)
    let numbers = ["minimumMilliseconds", "medianMilliseconds", "p90Milliseconds"].map {
      report[$0] as? Double ?? -1
    }
    #expect(numbers[0] > 0 && numbers[0] <= numbers[1] && numbers[1] <= numbers[2])
    #expect(report["batch"] as? Int == 2)
    #expect(report["threads"] as? Int == 1)
    #expect(report["runs"] as? Int == 5)
    #expect((report["arenaBytes"] as? Int ?? 0) > 0)
    #expect((report["gflops"] as? Double ?? 0) > 0)
    #expect((report["referenceNodes"] as? [Any])?.count == 0)
  }

  @Test func textNamesWhatWasMeasured() throws {
    let result = try Tool.run(["bench", "lenet5", "--runs", "3"])
    #expect(result.status == 0)
    for part in ["median", "p90", "min", "GFLOP/s", "peak", "arena"] { #expect(result.output.contains(part)) }
  }

  @Test func wrongArgumentsAreToldByTheExitCode() throws {
    #expect(try Tool.run(["bench", "no-such-network"]).status == 64)
    #expect(try Tool.run(["bench", "no-such-network.onnx"]).status == 66)
    #expect(try Tool.run(["bench", "--runs", "0"]).status == 64)
    #expect(try Tool.run(["bench", "--worker", "many"]).status == 64)
  }

  @Test func theWorkerLoadsRunsAndGoesOnAfterErrors() throws {
    let folder = try TemporaryFolder()
    try ColorModel.model().write(to: folder.file("net.onnx"))
    let x = Tensor(Philox(seed: 3).normal(count: 2 * 3 * 64), shape: [2, 3, 8, 8])
    let values = x.floats
    let means = (0..<6).map { plane in values[(plane * 64)..<(plane * 64 + 64)].reduce(0, +) / 64 }
    try NumPyArray.write(x, to: folder.file("x.npy"))
    try NumPyArray.write(Tensor(means, shape: [2, 3]), to: folder.file("y.npy"))
    let load: [String: Any] = [
      "cmd": "load", "model": "net", "batch": 2, "path": folder.file("net.onnx"), "x": folder.file("x.npy"),
      "y": folder.file("y.npy"),
    ]
    let request = String(decoding: try JSONSerialization.data(withJSONObject: load), as: UTF8.self)
    let lines = [
      #"{"cmd":"run","secs":0.01}"#, request, #"{"cmd":"run","secs":0.01}"#, "nonsense", #"{"cmd":"load"}"#,
      request,
    ]
    let result = try Tool.run(["bench", "--worker", "2"], input: lines.joined(separator: "\n"))
    #expect(result.status == 0)
    let answers = try result.lines.map(object)
    #expect(answers.map { $0["ok"] as? Int } == [0, 1, 1, 0, 0, 1])
    #expect((answers[1]["err"] as? Double ?? 1) < 1e-5)
    #expect((answers[2]["n"] as? Int ?? 0) >= 2)
    let (median, minimum) = (answers[2]["med"] as? Double ?? 0, answers[2]["min"] as? Double ?? 0)
    #expect(minimum > 0 && minimum <= median)
    for index in [0, 3, 4] { #expect((answers[index]["msg"] as? String)?.isEmpty == false) }
  }
}
