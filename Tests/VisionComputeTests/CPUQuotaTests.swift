import Testing

@testable import VisionCompute

@Suite struct CPUQuotaTests {
  private static let unified =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
  private static let separate = """
    22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
    31 23 0:28 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755
    32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
    34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime shared:11 - cgroup cgroup rw,cpuset
    35 31 0:32 / /sys/fs/cgroup/unified rw,relatime shared:12 - cgroup2 cgroup2 rw

    """

  private func cores(_ groups: String, _ mounts: String, _ files: [String: String]) -> Double? {
    CPUQuota.cores(groups: groups, mounts: mounts) { files[$0] }
  }

  @Test func versionTwoTakesTheSmallestOfAllAncestors() {
    let groups = "0::/pods/pod 7/box\n"
    let root = "/sys/fs/cgroup"
    #expect(cores(groups, Self.unified, ["\(root)/pods/pod 7/box/cpu.max": "100000 100000\n"]) == 1)
    #expect(cores(groups, Self.unified, ["\(root)/pods/pod 7/box/cpu.max": "max 100000\n"]) == nil)
    #expect(
      cores(
        groups, Self.unified,
        [
          "\(root)/pods/pod 7/box/cpu.max": "max 100000\n", "\(root)/pods/pod 7/cpu.max": "75000 50000\n",
          "\(root)/pods/cpu.max": "400000 100000\n",
        ]) == 1.5)
    // A group of another process is none above.
    #expect(cores(groups, Self.unified, ["\(root)/pods/other/cpu.max": "50000 100000"]) == nil)
    #expect(cores(groups, Self.unified, ["\(root)/pods/cpu.max": "250000"]) == 2.5)
  }

  @Test func versionOneReadsQuotaAndPeriod() {
    let groups = "4:cpuset:/\n3:cpuacct,cpu:/docker/abc\n1:name=systemd:/docker/abc\n0::/\n"
    let folder = "/sys/fs/cgroup/cpu,cpuacct/docker/abc"
    func files(_ quota: String, _ period: String) -> [String: String] {
      ["\(folder)/cpu.cfs_quota_us": quota, "\(folder)/cpu.cfs_period_us": period]
    }
    #expect(cores(groups, Self.separate, files("150000\n", "100000\n")) == 1.5)
    #expect(cores(groups, Self.separate, files("-1\n", "100000\n")) == nil)
    var above = files("-1\n", "100000\n")
    above["/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us"] = "20000"
    above["/sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us"] = "10000"
    #expect(cores(groups, Self.separate, above) == 2)
  }

  @Test func aContainerMaySeeOnlyItsPartOfTheHierarchy() {
    let part = "40 39 0:29 /docker/abc /sys/fs/cgroup/cpu ro,nosuid master:9 - cgroup cgroup rw,cpu\n"
    let files = [
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "50000", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
    ]
    #expect(cores("3:cpu:/docker/abc\n", part, files) == 0.5)
    // With a namespace of its own the group is the root; with the mount of another one no path fits.
    #expect(cores("3:cpu:/\n", part, files) == 0.5)
    #expect(cores("3:cpu:/docker/abcd\n", part, files) == 0.5)
    let inside = [
      "/sys/fs/cgroup/cpu/inner/cpu.cfs_quota_us": "30000",
      "/sys/fs/cgroup/cpu/inner/cpu.cfs_period_us": "100000",
    ]
    #expect(cores("3:cpu:/docker/abc/inner\n", part, inside) == 0.3)
    // A path that leads out of what is mounted.
    #expect(cores("0::/../other\n", Self.unified, ["/sys/fs/cgroup/cpu.max": "200000 100000"]) == 2)
  }

  @Test func inAHybridBothCount() {
    let groups = "2:cpu:/a\n0::/b\n"
    let files = [
      "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "300000",
      "/sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000",
      "/sys/fs/cgroup/unified/b/cpu.max": "200000 100000",
    ]
    #expect(cores(groups, Self.separate, files) == 2)
    #expect(cores("2:cpu:/a\n0::/\n", Self.separate, files) == 3)
  }

  @Test func pathsOfMountsAreUnescaped() {
    let mounts = "30 23 0:26 / /mnt/my\\040groups rw - cgroup2 none rw\n"
    #expect(cores("0::/x\n", mounts, ["/mnt/my groups/x/cpu.max": "100000 100000"]) == 1)
  }

  @Test func whatIsMalformedCountsAsNoLimit() {
    let root = "/sys/fs/cgroup"
    for text in ["", "max", "abc 100000", "100000 0", "0 100000", "-5 100000", "100000 x", "1e5 100000"] {
      #expect(cores("0::/\n", Self.unified, ["\(root)/cpu.max": text]) == nil, "\(text)")
    }
    let files = ["\(root)/cpu.max": "100000 100000"]
    for groups in ["", "\n\n", "0:", "0::", "::", "0::relative", "garbage"] {
      #expect(cores(groups, Self.unified, files) == nil, "\(groups)")
    }
    for mounts in [
      "", "- cgroup2", "30 23 0:26 / - cgroup2 x rw", "a b c d e f g - cgroup3 x rw", "\u{0}\n - cgroup2 ",
    ] {
      #expect(cores("0::/\n", mounts, files) == nil, "\(mounts)")
    }
  }

  @Test func threadsFollowTheQuota() {
    let wanted = [0.01: 1, 0.5: 1, 1: 1, 1.1: 1, 1.25: 2, 1.5: 2, 2: 2, 2.2: 2, 3.9: 4, 64: 64]
    for (cores, threads) in wanted { #expect(CPUQuota.threads(cores) == threads, "\(cores)") }
    #expect(CPUQuota.threads(.infinity) == 1024)
    #expect(CPUQuota.threads(1e300) == 1024)
  }

  @Test func theProcessHasAtLeastOneThread() {
    #expect(Executor.availableThreads >= 1)
    if let cores = CPUQuota.ofProcess {
      #expect(cores > 0 && Executor.availableThreads <= CPUQuota.threads(cores))
    }
  }
}
