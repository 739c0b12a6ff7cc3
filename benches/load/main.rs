//! Measures the release program under load, on loopback, beside a bare axum handler, a thin axum proxy
//! and the article's Node server, in one run. What else the machine does shows in the figures: the
//! contenders alternate, medians of several rounds are told, and the ratios are what counts.
//!
//! ```text
//! load PROGRAM [ROUNDS]
//! ```

mod fan_out;
mod peers;
mod process;
mod provider;
mod single;

use std::path::Path;

use fan_out::{Round, Who};
use process::Process;
use provider::Provider;
use single::{Way, Ways};

/// Readers of one answer.
const READERS: [u64; 3] = [1_000, 5_000, 10_000];
/// Readers that never read, beside one that does.
const STALLED: usize = 50;
/// Bytes of an answer that is resumed.
const LENGTHS: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["peer", "broadcast"] => peers::broadcast().await,
        ["peer", "proxy", upstream] => peers::proxy(upstream.to_owned()).await,
        [program] => measure(Path::new(program), 3).await,
        [program, rounds] => measure(Path::new(program), rounds.parse().expect("a number of rounds")).await,
        _ => eprintln!("load PROGRAM [ROUNDS]"),
    }
}

async fn measure(program: &Path, rounds: usize) {
    // It is started in folders of its own.
    let program = &program.canonicalize().expect("the program is there");
    println!("{:<44}{:>10}{:>12}{:>10}   ratios", "", "Sluice", "bare axum", "Node");
    for readers in READERS {
        fan_out(program, readers, rounds).await;
    }
    let provider = Provider::start();
    let upstream = format!("{}/chat/completions", provider.base_url());
    let proxy = Process::peer(&["proxy", &upstream]).await;
    let sluice = Process::sluice(program, &provider.base_url()).await;
    let ways = Ways { provider: &provider, proxy: &proxy, sluice: &sluice };
    println!("\n{:<44}{:>10}{:>12}{:>10}", "", "Sluice", "thin proxy", "direct");
    delays(&ways, rounds).await;
    cancels(&ways).await;
    println!();
    resumes(&ways).await;
}

async fn fan_out(program: &Path, readers: u64, rounds: usize) {
    let contenders = [Who::Sluice, Who::Axum, Who::Node];
    let mut results: [Vec<Round>; 3] = Default::default();
    for _ in 0..rounds {
        for (who, results) in contenders.iter().zip(&mut results) {
            results.push(fan_out::round(*who, program, readers).await);
        }
    }
    let of =
        |what: fn(&Round) -> f64| [0, 1, 2].map(|who: usize| median(results[who].iter().map(what).collect()));
    let [sluice, axum, node] = of(|round| round.cpu_us);
    println!(
        "{:<44}{sluice:>10.1}{axum:>12.1}{node:>10.1}   {:.2} × axum, {:.2} × Node",
        format!("µs of CPU per event, {readers} readers"),
        sluice / axum,
        sluice / node,
    );
    let [sluice, axum, node] = of(|round| round.idle_kb);
    println!(
        "{:<44}{sluice:>10.1}{axum:>12.1}{node:>10.1}",
        format!("KB per idle reader, {readers} readers")
    );
    let [sluice, axum, node] = of(|round| round.delivered);
    println!("{:<44}{sluice:>10.1}{axum:>12.1}{node:>10.1}", format!("% delivered, {readers} readers"));
}

async fn delays(ways: &Ways<'_>, rounds: usize) {
    let mut delays: [Vec<f64>; 3] = Default::default();
    let mut cpu = [0.0; 2];
    for _ in 0..rounds {
        for (way, delays) in [Way::Sluice, Way::Proxy, Way::Direct].iter().zip(&mut delays) {
            let before = [ways.sluice.cpu(), ways.proxy.cpu()];
            delays.extend(ways.delays(*way, 500).await);
            cpu[0] += (ways.sluice.cpu() - before[0]).as_secs_f64() * 1e3;
            cpu[1] += (ways.proxy.cpu() - before[1]).as_secs_f64() * 1e3;
        }
    }
    row("ms from model to reader, p50", &delays, 0.5);
    row("ms from model to reader, p99", &delays, 0.99);
    let beside = ways.delays_beside(STALLED, 500 * rounds).await;
    let what = format!("ms beside {STALLED} readers that never read, p99");
    println!("{what:<44}{:>10.3}", quantile(&beside, 0.99));
    let [sluice, proxy, direct] = [0, 1, 2].map(|way: usize| quantile(&delays[way], 0.5));
    println!(
        "{:<44}{:>10.3}{:>12.3}{:>10}   {:.2} × proxy",
        "ms added, p50",
        sluice - direct,
        proxy - direct,
        "",
        (sluice - direct) / (proxy - direct)
    );
    let tokens = delays[0].len() as f64;
    println!("{:<44}{:>10.3}{:>12.3}", "ms of CPU per token", cpu[0] / tokens, cpu[1] / tokens);
}

async fn cancels(ways: &Ways<'_>) {
    let mut times: [Vec<f64>; 3] = Default::default();
    for _ in 0..1_000 {
        for (way, times) in [Way::Sluice, Way::Proxy, Way::Direct].iter().zip(&mut times) {
            times.push(ways.cancel(*way).await);
        }
    }
    row("ms from cancel to closed, p50", &times, 0.5);
    row("ms from cancel to closed, p99", &times, 0.99);
}

async fn resumes(ways: &Ways<'_>) {
    let mut answers = Vec::new();
    for length in LENGTHS {
        answers.push((length, ways.ended(length).await, Vec::new()));
    }
    for _ in 0..300 {
        for (length, answer, times) in &mut answers {
            times.push(ways.resume(answer, *length - 100).await);
        }
    }
    let first = quantile(&answers[0].2, 0.5);
    for (length, _, times) in &answers {
        let (p50, p99) = (quantile(times, 0.5), quantile(times, 0.99));
        let what = format!("ms to the last 100 of {length} bytes, p50 / p99");
        println!("{what:<50}{p50:>8.3}{p99:>8.3}   {:.2} × of the shortest", p50 / first);
    }
    let (length, answer, _) = &answers[4];
    let mut whole = Vec::new();
    for _ in 0..50 {
        whole.push(ways.resume(answer, 0).await);
    }
    println!("{:<50}{:>8.3}", format!("ms to the first byte of all {length}, p50"), quantile(&whole, 0.5));
}

fn row(what: &str, of: &[Vec<f64>; 3], at: f64) {
    let [sluice, proxy, direct] = [0, 1, 2].map(|way: usize| quantile(&of[way], at));
    println!("{what:<44}{sluice:>10.3}{proxy:>12.3}{direct:>10.3}");
}

fn median(values: Vec<f64>) -> f64 {
    quantile(&values, 0.5)
}

fn quantile(values: &[f64], at: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() as f64 * at) as usize).min(sorted.len() - 1)]
}
