import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct BenchProfileTests {
  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func events(_ path: String) throws -> [[String: Any]] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return try #require(try object(text)["traceEvents"] as? [[String: Any]])
  }

  /// Complete events lie in order on one line of time, and those of steps within their run.
  private func check(_ events: [[String: Any]], runs: Int) throws {
    let spans = events.filter { $0["ph"] as? String == "X" }
    for event in spans {
      #expect(event["pid"] as? Int == 1 && event["tid"] as? Int == 1)
      #expect((event["ts"] as? Double ?? -1) >= 0 && (event["dur"] as? Double ?? -1) >= 0)
    }
    let (whole, steps) = (
      spans.filter { $0["cat"] as? String == "run" }, spans.filter { $0["cat"] as? String != "run" }
    )
    #expect(whole.count == runs && !steps.isEmpty && steps.count % runs == 0)
    var end = 0.0
    for (index, event) in steps.enumerated() {
      let (start, duration) = (try #require(event["ts"] as? Double), try #require(event["dur"] as? Double))
      #expect(start >= end - 0.002)
      end = start + duration
      let run = whole[index / (steps.count / runs)]
      let (first, length) = (try #require(run["ts"] as? Double), try #require(run["dur"] as? Double))
      #expect(start >= first - 0.002 && end <= first + length + 0.002)
      let arguments = try #require(event["args"] as? [String: Any])
      #expect((arguments["output"] as? String)?.isEmpty == false)
      #expect((arguments["GB/s"] as? Double ?? 0) > 0)
    }
    #expect(events.contains { $0["ph"] as? String == "M" && $0["name"] as? String == "process_name" })
    #expect(events.filter { $0["ph"] as? String == "C" }.count == steps.count + runs)
  }

  @Test func aTableHasEachLayerAndTotals() throws {
    let result = try Tool.run(["bench", "lenet5", "--profile", "--runs", "3", "--threads", "1"])
    #expect(result.status == 0)
    for part in [
      "GFLOP/s", "% of peak", "GB/s", "conv1", "dense", "all ", "steps", "overhead  of the profile itself",
      "measured",
    ] {
      #expect(result.output.contains(part), "\(part) is missing")
    }
  }

  @Test func jsonAddsUp() throws {
    let result = try Tool.run(["bench", "lenet5", "--profile", "--runs", "3", "--json", "--threads", "2"])
    #expect(result.status == 0)
    let report = try object(result.output)
    let steps = try #require(report["steps"] as? [[String: Any]])
    let kernels = try #require(report["kernels"] as? [[String: Any]])
    let total = try #require(report["total"] as? [String: Any])
    for name in ["flops", "bytes"] {
      let sum = steps.reduce(0) { $0 + ($1[name] as? Int ?? 0) }
      #expect(sum == total[name] as? Int && sum > 0)
      #expect(kernels.reduce(0) { $0 + ($1[name] as? Int ?? 0) } == sum)
    }
    #expect(abs(steps.reduce(0) { $0 + ($1["share"] as? Double ?? 0) } - 1) < 1e-3)
    #expect(kernels.reduce(0) { $0 + ($1["steps"] as? Int ?? 0) } == steps.count)
    #expect(report["overheadMicroseconds"] as? Double != nil)
    #expect((report["untracedMilliseconds"] as? Double ?? 0) > 0)
    #expect((report["peakGflops"] as? Double ?? 0) > 0)
  }

  @Test func theTraceIsOneThatViewersRead() throws {
    let folder = try TemporaryFolder()
    let result = try Tool.run([
      "bench", "lenet5", "--profile", "--runs", "3", "--trace", folder.file("trace.json"),
    ])
    #expect(result.status == 0)
    try check(try events(folder.file("trace.json")), runs: 3)
  }

  @Test func aStepOfTrainingHasATraceAsWell() throws {
    let folder = try TemporaryFolder()
    let result = try Tool.run([
      "bench", "--train", "mlp", "--profile", "--trace", folder.file("trace.json"), "--threads", "1",
    ])
    #expect(result.status == 0)
    #expect(result.output.contains("update"))
    try check(try events(folder.file("trace.json")), runs: 5)
    let report = try object(try Tool.run(["bench", "--train", "mlp", "--profile", "--json"]).output)
    #expect((report["steps"] as? [Any])?.isEmpty == false)
    #expect((report["updateMilliseconds"] as? Double ?? -1) >= 0)
  }

  @Test func aStepOfTrainingAnyNetworkIsTimedByOperator() throws {
    let train = ["bench", "--train", "lenet5", "--batch-size", "3", "--threads", "1"]
    let figures = try object(try Tool.run(train + ["--json"]).output)
    #expect((figures["ips"] as? Double ?? 0) > 0)
    let report = try object(try Tool.run(train + ["--profile", "--json"]).output)
    let operators = try #require(report["operators"] as? [[String: Any]])
    func sum(_ name: String) -> Double { operators.reduce(0) { $0 + ($1[name] as? Double ?? 0) } }
    #expect(sum("forwardMilliseconds") > 0 && sum("backwardMilliseconds") > 0)
    let total = try #require(report["total"] as? [String: Any])
    let whole = total["milliseconds"] as? Double ?? 0
    #expect(abs(sum("forwardMilliseconds") + sum("backwardMilliseconds") - whole) < 1e-3)
    #expect(sum("references") == 0)
    #expect(try Tool.run(train + ["--profile"]).output.contains("backward ms"))
    #expect(try Tool.run(["bench", "--train", "no-such-network"]).status == 64)
  }

  @Test func wrongArgumentsAreToldByTheExitCode() throws {
    #expect(try Tool.run(["bench", "lenet5", "--trace", "/tmp/never.json"]).status == 64)
    #expect(try Tool.run(["bench", "--worker", "1", "--profile"]).status == 64)
    #expect(try Tool.run(["bench", "--train", "features", "--profile"]).status == 64)
    let result = try Tool.run([
      "bench", "lenet5", "--profile", "--runs", "1", "--trace", "/no/such/folder/trace.json",
    ])
    #expect(result.status == 74)
  }
}
