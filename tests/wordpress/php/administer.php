<?php
// Do one thing as the site's administrator: the task and its values come as JSON, the result goes
// as JSON. The functions are WordPress's own.
[, $root, $task] = $argv;
$given = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = parse_url(getenv('TEST_WORDPRESS_HOME'), PHP_URL_HOST);
$_SERVER['REQUEST_METHOD'] = 'GET';
if ($task === 'install') {
    define('WP_INSTALLING', true);
}
require $root . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
if ($task !== 'install') {
    wp_set_current_user(1);
}

function forum_succeeded($result)
{
    if (is_wp_error($result)) {
        throw new RuntimeException($result->get_error_message());
    }
    return $result;
}

/** Return the ids of terms by their names; those that are not there are made. */
function forum_term_ids(array $names, string $taxonomy): array
{
    return array_map(function ($name) use ($taxonomy) {
        $known = term_exists($name, $taxonomy) ?: forum_succeeded(wp_insert_term($name, $taxonomy));
        return (int) $known['term_id'];
    }, $names);
}

$tasks = [
    'install' => function ($given) {
        require_once ABSPATH . 'wp-admin/includes/upgrade.php';
        wp_install($given['title'], 'admin', 'admin@example.org', true, '', 'a password');
        wp_update_user(['ID' => 1, 'display_name' => 'Ann Example']);
        foreach (get_posts(['post_type' => 'any', 'post_status' => 'any']) as $sample) {
            wp_delete_post($sample->ID, true);
        }
        update_option('permalink_structure', '/%postname%/');
        update_option('timezone_string', 'Europe/Brussels');
        switch_theme('twentytwentythree');
        return true;
    },
    'flush' => function ($given) {
        flush_rewrite_rules(false);
        return true;
    },
    'insert' => fn($given) => array_map(function ($post) {
        $categories = forum_term_ids($post['categories'] ?? [], 'category');
        return forum_succeeded(wp_insert_post(
            wp_slash($post + ['post_status' => 'publish', 'post_category' => $categories]),
            true
        ));
    }, $given['posts']),
    'update' => fn($given) => forum_succeeded(wp_update_post(wp_slash($given), true)),
    'trash' => fn($given) => (bool) wp_trash_post($given['ID']),
    'restore' => fn($given) => (bool) wp_untrash_post($given['ID']),
    'meta' => function ($given) {
        foreach ($given['meta'] as $key => $value) {
            update_post_meta($given['ID'], $key, wp_slash($value));
        }
        return true;
    },
    'option' => fn($given) => update_option($given['name'], $given['value']),
    'link' => fn($given) => get_permalink($given['ID']),
    'application password' => function ($given) {
        $role = $given['role'] ?? 'administrator';
        $user = $role === 'administrator' ? 1 : forum_succeeded(wp_insert_user([
            'user_login' => $role, 'user_pass' => wp_generate_password(), 'role' => $role,
        ]));
        $made = WP_Application_Passwords::create_new_application_password($user, ['name' => 'x']);
        return get_userdata($user)->user_login . ':' . forum_succeeded($made)[0];
    },
    'media' => function ($given) {
        $file = wp_upload_bits($given['name'], null, base64_decode($given['content']));
        $details = ['post_title' => $given['name'], 'post_mime_type' => wp_check_filetype($given['name'])['type']];
        forum_succeeded(wp_insert_attachment($details, $file['file'], 0, true));
        return $file['url'];
    },
    'export' => function ($given) {
        require_once ABSPATH . 'wp-admin/includes/export.php';
        ob_start();
        export_wp(['content' => 'all']);
        return ob_get_clean();
    },
    'import' => function ($given) {
        require __DIR__ . '/import.php';
        return forum_import($given['path']);
    },
];
$result = $tasks[$task]($given);
// Nothing after the result: no shutdown hook may write behind it.
fwrite(STDOUT, "\n" . json_encode($result, JSON_THROW_ON_ERROR));
